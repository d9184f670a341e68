// Moments as people of the organisation read them. All dates are instants; the zone is always an argument.

const LOCALE = "en-GB";
const formatters = new Map();

function format(date, zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  return formatters.get(key).format(date);
}

/** "09:00" */
export const timeOf = (date, zone) => format(date, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** "Tuesday 1 December 2026" */
export const longDay = (date, zone) =>
  format(date, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(",", "");

/** "Tue 1 Dec 09:00" */
export const moment = (date, zone) =>
  `${format(date, zone, { weekday: "short", day: "numeric", month: "short" }).replace(",", "")} ${timeOf(date, zone)}`;

/** "2026-12-01T09:00", what a datetime-local field holds, as the wall clock in the zone shows it. */
export function toField(date, zone) {
  const part = (options) => format(date, zone, options);
  const two = (text) => text.padStart(2, "0");
  const day = [part({ year: "numeric" }), two(part({ month: "numeric" })), two(part({ day: "numeric" }))].join("-");
  return `${day}T${timeOf(date, zone)}`;
}

/** The instant at which the zone's wall clock shows `text` ("2026-12-01T09:00"); an hour that is skipped lands right after. */
export function fromField(text, zone) {
  const wanted = Date.parse(`${text}Z`);
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${toField(new Date(guess), zone)}Z`);
  return new Date(guess);
}
