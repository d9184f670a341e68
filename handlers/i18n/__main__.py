"""`python -m handlers.i18n`: update the catalogues from the code, and report what is missing."""

import sys

from handlers.i18n import catalogs, checks, extraction
from handlers.i18n.texts import LANGUAGES


def main() -> None:
    found = extraction.in_handlers()
    for language in LANGUAGES:
        if language == "en":
            continue
        before = catalogs.read(language)
        after = catalogs.refreshed(before, found)
        catalogs.save(language, after)
        problems = checks.of_catalogue(after, found)
        sys.stdout.write(f"{language}.po: {len(found)} messages, {len(problems)} to look at\n")
        sys.stdout.writelines(f"  {problem}\n" for problem in problems)


if __name__ == "__main__":
    main()
