// The stream of events, kept open. Events are handled one after the other, also while a handler is still fetching,
// so a snapshot that is on its way never overwrites something newer.

const RETRY_MS = 1000;

/**
 * Listen for ever. `opened()` runs after every (re)connection and fetches what was missed; `handle(event)` takes one event;
 * `lost()` runs when the connection breaks. Both handlers may be async.
 */
export function listen({ opened, handle, lost }) {
  let queue = Promise.resolve();
  let refreshing = false; // whether a change of state waits in the queue
  const enqueue = (work) => {
    queue = queue.then(work).catch((error) => console.error(error));
    return queue;
  };

  function connect() {
    const source = new EventSource("/sandbox/events");
    const retry = () => {
      source.close();
      lost();
      setTimeout(connect, RETRY_MS);
    };
    source.onopen = () => enqueue(() => opened().catch(retry));
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type !== "state") return enqueue(() => handle(event));
      if (refreshing) return undefined; // one that has not begun yet will see this change too
      refreshing = true;
      return enqueue(() => {
        refreshing = false;
        return handle(event);
      });
    };
    source.onerror = retry;
  }
  connect();
}
