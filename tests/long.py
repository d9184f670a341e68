"""Tests that run only with `-m long`, beside those that are marked so themselves.

They are dear ones whose kind of fault something cheaper in the suite finds too. Nothing is left out of the
whole: `-m long` runs all of it.
"""

from collections import Counter

import pytest

BEHIND: dict[str, tuple[str, ...]] = {
    # The bot's side of rules that the tests of services/ hold; one story of each flow stays.
    "e2e/rentals/test_late_conflicts.py": (
        "test_who_was_asked_chooses_something_else",
        "test_declined_and_offered_again",
        "test_something_wrong_is_seen_later",
        "test_handed_over_with_something_wrong",
        "test_who_was_asked_calls_off",
        "test_other_days_are_on_the_message_too",
        "test_called_off_instead_of_chosen",
        "test_what_came_back_before_it_was_told_is_not_told",
        "test_of_several_pieces_some_are_chosen",
        "test_one_by_one_from_the_pile",
        "test_what_cannot_be_approved_is_named",
        "test_a_pile_is_approved_with_one_tap",
    ),
    "e2e/rentals/test_reminders.py": (
        "test_a_rental_that_does_not_come_back",
        "test_what_has_changed_is_not_reminded_of",
        "test_what_was_held_up_until_the_night_waits_for_the_morning",
        "test_after_days_without_telegram",
        "test_somebody_whose_account_is_gone",
        "test_somebody_who_blocked_the_bot",
        "test_what_is_due_at_once_is_one_message",
        "test_quiet_hours_are_waited_for",
    ),
    "e2e/rentals/test_month_off.py": ("test_a_month_off",),
    "e2e/rentals/test_cards.py": ("test_a_reminder_shows_what_is_left",),
    "e2e/rentals/booking/test_bad_rental_lines.py": (
        "test_numbers_that_are_none",
        "test_the_wrong_moment",
        "test_things_of_another_club",
        "test_rentals_of_others",
        "test_another_clubs_things_are_not_rented",
    ),
    "e2e/rentals/booking/test_bad_dates.py": (
        "test_last_days_that_cannot_be",
        "test_days_that_cannot_be_on_one_line",
        "test_extensions_until_days_that_cannot_be",
        "test_buttons_made_by_hand_that_carry_no_day",
        "test_a_basket_left_until_it_was_due",
        "test_first_days_that_cannot_be",
    ),
    "e2e/rentals/booking/test_on_behalf.py": (
        "test_who_was_last_at_the_desk_and_who_is_in_telegram",
        "test_who_cannot_be_written_to",
        "test_what_they_cannot_read_is_read_by_the_lender",
        "test_baskets_do_not_meet",
        "test_limits_are_the_members",
    ),
    "e2e/rentals/booking/test_days_and_hours.py": ("test_who_is_late_chooses_from_days_to_come",),
    "e2e/desk/test_pictures_of_codes.py": (
        "test_an_unknown_code_is_given_to_a_thing",
        "test_what_was_gathered_goes_on_after_an_unknown_code",
        "test_what_is_no_code",
        "test_over_the_counter",
    ),
    "e2e/desk/test_bad_at_the_desk.py": (
        "test_by_number_or_code",
        "test_what_is_wrong_with_it",
        "test_only_some_back_by_the_lender",
    ),
    "e2e/desk/test_item_card.py": (
        "test_a_code_may_be_a_number",
        "test_what_is_overdue_says_so",
        "test_who_keeps_the_inventory_goes_there",
        "test_a_return_that_waits_is_confirmed_piece_by_piece",
        "test_its_card_follows_what_others_do",
        "test_what_goes_out_later_may_go_out_now",
        "test_all_of_the_rental_in_two_taps",
    ),
    "e2e/desk/test_put_away.py": (
        "test_piece_by_piece_each_is_asked_for",
        "test_who_has_a_lender_is_not_asked",
        "test_a_return_is_over_without_an_answer",
        "test_it_is_asked_once",
        "test_many_places_are_turned_over",
        "test_where_there_is_one_place_nobody_is_asked",
    ),
    "e2e/desk/test_return_report.py": (
        "test_a_photo_while_something_else_is_asked",
        "test_a_photo_without_a_reply_is_about_the_last_return",
        "test_not_for_members",
        "test_of_several_things_one_by_one",
        "test_words_right_after_something_is_not_fine",
        "test_places_and_condition_are_one_message",
        "test_what_the_member_said_is_wrong_is_read_first",
        "test_in_the_group_words_under_a_photo_are_taken",
        "test_words_about_nobody_knows_which",
        "test_in_a_group_with_one_place_the_card_leads_there",
        "test_the_list_of_the_day_asks_too",
    ),
    "e2e/desk/test_scanning.py": (
        "test_another_one_is_a_tap_away",
        "test_another_member_asks_for_it_later",
    ),
    "e2e/desk/test_worklist.py": (
        "test_a_list_of_many_has_pages",
        "test_some_back_and_some_not",
        "test_what_is_overdue_is_taken_back_from_the_list",
        "test_what_was_done_keeps_its_row",
        "test_who_comes_second_reads_how_things_stand",
    ),
    "e2e/desk/test_codes_at_the_desk.py": (
        "test_what_was_taken_back_stays_and_the_next_is_another_message",
        "test_what_exists_is_never_said_to_be_nowhere",
    ),
    "e2e/desk/test_by_name.py": ("test_one_s_own_is_named",),
    "e2e/desk/test_until_further_notice.py": ("test_from_the_counter_to_a_date_and_back",),
    "e2e/desk/test_unconfirmed_return.py": ("test_a_lender_does_not_find_it",),
    "e2e/inventory/test_real_inventory.py": ("test_an_arts_university_lends_by_chat",),
    "e2e/inventory/test_inventory_editing.py": (
        "test_a_long_inventory_of_long_words",
        "test_type_and_tags_are_chosen",
        "test_every_field_of_equipment",
    ),
    "e2e/inventory/test_kits.py": (
        "test_lists_of_kits_page_and_are_searched",
        "test_more_and_fewer_of_a_kit_are_of_all_its_parts",
        "test_retiring_names_the_kits_that_lack_it",
        "test_two_admins_change_one_kit",
        "test_a_kit_in_a_basket_may_be_retired_meanwhile",
        "test_several_kits_on_one_line",
        "test_a_kit_is_tapped_in_the_list",
    ),
    "e2e/inventory/test_named_lists.py": (
        "test_buttons_made_by_hand_change_nothing",
        "test_several_fields_are_behind_one_button",
        "test_one_field_of_rentals_is_a_button_of_its_own",
        "test_a_field_is_switched_off_while_it_is_asked",
        "test_two_admins_change_one_equipments_rules",
        "test_a_tag_gets_a_colour",
    ),
    "e2e/inventory/test_inventory_items.py": (
        "test_what_is_out_is_lost_on_its_card",
        "test_damages_are_on_the_card",
        "test_who_would_lose_it_is_named_first",
        "test_an_item_tells_where_it_is",
    ),
    "e2e/inventory/test_inventory.py": (
        "test_several_more_at_once",
        "test_more_of_it_go_where_the_others_are",
        "test_a_picture_as_a_file_is_asked_for_as_a_photo",
        "test_a_new_type_and_a_new_place_are_written",
        "test_a_photo_is_replaced_and_removed",
        "test_a_name_that_there_is_means_one_more",
        "test_in_norwegian",
        "test_what_was_sought_in_vain_is_added",
        "test_equipment_is_retired_and_brought_back",
    ),
    "e2e/labels/test_labels.py": (
        "test_a_real_stock_is_labelled",
        "test_by_type_tag_place_and_equipment",
        "test_every_sheet_can_be_chosen",
        "test_the_sheet_is_remembered_and_goes_on",
    ),
    "e2e/maintenance/test_blocks.py": (
        "test_answers_that_cannot_be",
        "test_the_list_is_found_again",
        "test_somebody_asks_while_anna_looks",
        "test_when_nothing_is_left",
        "test_what_is_out",
        "test_ending_a_block_early",
        "test_what_to_block_is_written_on_the_list",
        "test_choosing_which",
    ),
    "e2e/maintenance/test_damage.py": (
        "test_what_is_not_one_s_own_to_change",
        "test_the_answer_follows_what_is_tapped_on_it",
        "test_a_photo_alone_is_a_report",
        "test_of_several_things_one_is_chosen",
        "test_the_question_which_names_only_what_is_one_s_own",
        "test_words_under_a_photo_are_the_words",
        "test_a_photo_of_all_of_it",
        "test_whoever_answers_nothing_is_heard_all_the_same",
        "test_a_lender_takes_it_out_of_lending_in_the_same_tap",
        "test_the_photo_may_come_first",
        "test_of_several_things_one_is_lost",
        "test_a_photo_is_asked_for_once_and_skipped",
        "test_in_the_group_one_tap_takes_it_out_and_one_lends_it_again",
    ),
    "e2e/members/test_members.py": (
        "test_a_leader_stays",
        "test_the_suspended_are_reminded",
        "test_who_left_comes_back",
        "test_a_link_of_ones_own",
        "test_a_second_account_is_told_to_the_first",
        "test_a_taken_address_is_refused_by_name",
        "test_nobody_gives_or_takes_a_role_above_their_own",
    ),
    "e2e/members/test_me.py": (
        "test_what_was_left_behind_is_forgotten_from_elsewhere",
        "test_who_comes_back_leaves_no_way_behind",
        "test_whoever_is_a_member_nowhere_any_more_is_forgotten",
        "test_a_membership_that_ran_out_is_behind_one_too",
        "test_nobody_leaves_with_things",
        "test_what_was_asked_meanwhile_is_not_cancelled_unseen",
        "test_the_last_leader_stays",
    ),
    "e2e/members/test_bad_people.py": (
        "test_whose_membership_ended_with_things_out",
        "test_whose_membership_ended_in_the_middle_of_asking",
        "test_a_lender_who_is_a_member_only_now",
        "test_links_that_lead_nowhere",
        "test_an_account_without_a_first_name",
    ),
    "e2e/members/test_members_file.py": (
        "test_a_real_file_in_the_chat",
        "test_a_file_that_could_be_either",
    ),
    "e2e/onboarding/test_join_requests.py": (
        "test_whatever_a_stranger_writes",
        "test_an_address_that_was_taken_meanwhile",
        "test_an_invite_overtakes_the_question",
        "test_declined_with_a_reason",
        "test_one_question_at_a_time",
    ),
    "e2e/organizations/test_opening_days.py": (
        "test_one_place_has_its_own",
        "test_dates_of_every_year_extra_days_and_breaks",
        "test_hours_bind_what_is_written_with_a_time",
        "test_more_time_until_an_open_day",
        "test_closed_dates_by_list",
    ),
    "e2e/organizations/test_whole_organizations.py": (
        "test_a_closed_organisation_refuses_everything",
        "test_what_is_known_is_changed",
        "test_opened_again_it_serves",
        "test_not_closed_over_what_is_out",
    ),
    "e2e/organizations/test_bad_groups.py": ("test_the_group_becomes_a_supergroup",),
    "e2e/reports/test_without_the_audit.py": (
        "test_what_others_changed_stays_without_the_audit",
        "test_things_are_put_away_without_the_audit",
    ),
    "e2e/reports/test_audit.py": ("test_pages_go_back_in_time_and_forth",),
    "e2e/telegram/test_plain_text.py": (
        "test_words_for_a_problem_before_the_piece_is_chosen",
        "test_words_for_what_one_has",
        "test_what_is_not_understood_leads_on",
    ),
    "e2e/telegram/test_albums.py": (
        "test_where_nothing_is_asked",
        "test_where_words_are_asked",
        "test_where_words_and_a_photo_are_asked",
    ),
    "e2e/telegram/hostile/test_bad_taps.py": (
        "test_the_wrong_people_in_the_group",  # tests/services/permissions
        "test_a_page_beyond_the_last",
        "test_a_lender_where_an_admin_is_needed",
        "test_an_admin_whose_membership_was_ended",
        "test_buttons_of_last_year",
    ),
    "e2e/telegram/hostile/test_bad_files.py": ("test_files_that_are_no_inventory",),
    "e2e/desk/test_member_cards.py": ("test_the_card_answers_to_whom",),
    "e2e/inventory/test_lists_asked.py": ("test_a_list_whose_name_nobody_could_tell_asks_for_it",),
    "e2e/organizations/test_policy.py": (
        "test_what_new_members_are_asked",
        "test_values_are_written_as_well",
    ),
    "e2e/rentals/booking/test_free_days.py": (
        "test_two_kits_asked_one_free",
        "test_numbers_are_those_of_the_days",
    ),
    "e2e/rentals/booking/test_narrowing.py": ("test_places_alone_narrow",),
    "e2e/rentals/booking/test_today.py": ("test_a_day_that_is_over",),
    "e2e/telegram/hostile/test_bad_texts.py": (
        "test_none_and_a_thousand_pieces",
        "test_addresses_that_are_none",
        "test_unknown_codes",
        "test_things_without_a_question",
        "test_a_problem_takes_a_photo_as_well",
    ),
    "e2e/reports/test_export.py": ("test_what_was_sent_comes_in_again_unchanged",),
    "e2e/rentals/booking/test_lines.py": ("test_the_days_of_a_filled_basket_stay",),
    "e2e/members/test_second_account.py": (
        "test_two_that_unlink_each_other",
        "test_a_link_is_used_once",
    ),
    # Processes that are started: one of each kind stays.
    "bot/cli/test_cli.py": ("test_run_with_a_wrong_token_says_so_and_asks_again",),  # test_start.py
    "bot/cli/test_startup.py": (
        "test_who_only_asks_for_the_bot_s_name_loads_no_handlers",
        "test_no_help_loads_the_program_behind_it",
    ),
    # Migrations of old versions, which nobody changes any more; large files.
    "db/test_state_from_the_audit.py": (
        "test_places_are_filled_and_numbers_are_unique",
        "test_prints_and_reasons_are_rows",
        "test_returns_keep_their_numbers",
    ),
    "db/test_migrations.py": (
        "test_the_guard_still_bites_after_the_upgrade",
        "test_claims_without_the_moment_they_went_out_get_one",
        "test_rebuilding_a_table_keeps_its_children",
    ),
    "docs/test_operator_statements.py": ("test_everything_moves_to_postgresql",),
    "services/imports/inventory/test_inventory_import.py": (
        "test_very_long_rows_come_in_smaller_transactions",
    ),
    "services/imports/inventory/test_real_files.py": ("test_serial_numbers_alone_bring_each_item_once",),
    "services/exports/test_round_trip.py": ("test_a_real_inventory_survives",),
    # Each update and each button twice, what everybody's chat showed, each change in the audit: the whole
    # story once more. tests/bot/updates, tests/services/reports and shorter stories find the same.
    "e2e/rentals/test_idempotency.py": ("test_every_update_delivered_twice",),
    "e2e/reports/test_every_change_is_audited.py": ("test_the_whole_story_is_noted",),
    "e2e/telegram/restarts/test_upgrade.py": (
        "test_what_waited_is_done_and_said_once",
        "test_a_rental_goes_on_to_its_end",
        "test_a_reminder_that_was_queued_comes_once",
    ),
    "e2e/telegram/hostile/test_whatever_comes.py": ("test_everything_comes_and_the_program_is_killed",),
}
"""By file, below tests/: the tests whose like stays in the suite."""

ONE_DATABASE: dict[str, tuple[str, ...]] = {
    # Neither locks nor JSON, time or searching: both databases are asked the same.
    "api/test_over_http.py": ("*",),
    "bot/cli/test_cli.py": ("test_a_backup_is_restored",),
    "bot/cli/test_doctor.py": ("*",),
    "bot/sending/test_delivery.py": ("*",),
    "bot/updates/test_corpus.py": ("*",),
    "db/test_backup.py": ("*",),
    "db/test_migrations.py": (
        "test_upgrading_again_does_nothing",
        "test_a_newer_version_is_refused_with_both_numbers",
        "test_one_that_is_killed_is_as_it_was_and_ends_the_next_time",
    ),
    "e2e/desk/test_return_report.py": ("*",),
    "e2e/desk/test_worklist.py": ("*",),
    "e2e/inventory/test_inventory_editing.py": ("*",),
    "e2e/members/test_bad_people.py": ("*",),
    "e2e/inventory/test_kits.py": ("*",),
    "e2e/maintenance/test_damage.py": ("*",),
    "e2e/members/test_members_file.py": ("*",),
    "e2e/members/test_secrets.py": ("*",),
    "e2e/members/test_second_account.py": (
        "*",
        "test_unlinking",
    ),
    "e2e/organizations/test_opening_days.py": ("*",),
    "e2e/reports/test_export.py": ("*",),
    "services/exports/test_round_trip.py": ("*",),
    "services/imports/inventory/test_real_files.py": ("*",),
    "services/imports/inventory/test_inventory_import.py": (
        "test_what_somebody_counts_on_is_not_retired_by_a_file",
        "test_what_somebody_counts_on_is_not_taken_out_of_lending_by_a_file",
        "test_an_item_that_somebody_counts_on_becomes_nothing_else",
        "test_another_organisation_is_neither_seen_nor_touched",
    ),
    "services/imports/members/test_member_import.py": (
        "test_a_real_file_of_users_comes_in",
        "test_what_we_export_comes_in_unchanged",
        "test_another_organisations_members_are_not_known",
        "test_a_numbered_row_takes_no_username_of_another",
        "test_who_is_active_and_who_not",
    ),
    "services/organizations/test_management.py": ("*",),
}
"""By file, the tests that the suite runs on SQLite alone; `*` for all of the file."""

ONE_OF: dict[str, tuple[str, int]] = {
    "e2e/telegram/hostile/test_bad_texts.py": ("*", 3),
    "e2e/inventory/test_inventory_editing.py": ("test_any_name_is_shown_everywhere", 4),
    "e2e/inventory/test_named_lists.py": ("test_names_that_will_not_do", 2),
    "e2e/inventory/test_sizes.py": ("*", 3),
    "e2e/desk/test_item_card.py": ("test_takeback_knows_numbers_codes_and_labels", 3),
    "e2e/maintenance/test_blocks.py": ("test_few_and_many", 4),
    "e2e/organizations/test_bad_groups.py": ("test_the_bot_is_removed", 2),
    "e2e/rentals/test_reminders.py": ("*", 2),
    "e2e/test_statements.py": ("*", 2),
    "services/availability/test_allocation_in_use.py": ("test_whatever_happens_nothing_fixed_moves", 4),
    "services/imports/inventory/test_lists.py": ("*", 3),
    "services/imports/readers/test_bombs.py": ("*", 3),
    "services/labels/test_letters.py": ("*", 3),
    "services/labels/test_pdf.py": ("*", 3),
    "services/messaging/test_pending_requests.py": ("test_the_pile_shows_each_request_within_seconds", 2),
    "services/permissions/test_tenant_isolation.py": ("*", 3),
    "services/permissions/test_permissions_in_conversations.py": ("*", 3),
    "services/reports/test_stats.py": ("test_the_picture_is_one_for_a_phone", 4),
}
"""By file, the tests, or `*`, of whose list of cases the suite runs the first of each so many."""


def mark(items: list[pytest.Item]) -> None:
    """Put what these tables name behind `long`."""
    seen: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("long") is not None:
            continue
        file, _, test = item.nodeid.removeprefix("tests/").partition("::")
        name, _, case = test.partition("[")
        behind = name in BEHIND.get(file, ())
        behind |= _on_postgresql(case) and _names(ONE_DATABASE.get(file, ()), name)
        which, each = ONE_OF.get(file, ("", 1))
        if case and not behind and which in ("*", name):
            behind = seen[f"{file}::{name}"] % each > 0
            seen[f"{file}::{name}"] += 1
        if behind:
            item.add_marker(pytest.mark.long)


def _on_postgresql(case: str) -> bool:
    return "postgresql" in case.rstrip("]").split("-")


def _names(names: tuple[str, ...], name: str) -> bool:
    return names == ("*",) or name in names
