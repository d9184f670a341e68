"""Tests that run only with `-m long`, beside those that are marked so themselves.

They are dear ones whose kind of fault something cheaper in the suite finds too. Nothing is left out of the
whole: `-m long` runs all of it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")

_all: list[str] = []
"""The marks that `-m` names, where it is not the suite alone."""


def begin(marks: str) -> None:
    """Note the marks that `-m` names, before the tests are imported."""
    _all[:] = [] if marks == "not long" else [marks]


def cases(few: int, many: int) -> int:
    """Return how many cases are made up: few in the suite, many with `-m long`."""
    return many if _all else few


def some(of: Sequence[T], each: int) -> Sequence[T]:
    """Return the first of each so many in the suite, and all of them with `-m long`."""
    return of if _all else of[::each]


BEHIND: dict[str, tuple[str, ...]] = {
    # The bot's side of rules that the tests of services/ hold; one story of each flow stays.
    "e2e/rentals/test_late_conflicts.py": (
        "test_handed_over_in_two_taps",
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
        "test_nine_is_nine_when_the_clocks_change",
        "test_after_days_without_the_program",
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
        "test_the_name_may_stand_anywhere",
        "test_former_members_are_not_offered",
        "test_who_was_last_at_the_desk_and_who_is_in_telegram",
        "test_who_cannot_be_written_to",
        "test_what_they_cannot_read_is_read_by_the_lender",
        "test_baskets_do_not_meet",
        "test_limits_are_the_members",
    ),
    "e2e/rentals/booking/test_days_and_hours.py": ("test_who_is_late_chooses_from_days_to_come",),
    "e2e/desk/test_pictures_of_codes.py": (
        "test_what_goes_out_today_goes_from_a_picture",
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
        "test_serial_numbers_and_unknown_codes_as_text",
        "test_what_was_taken_back_stays_and_the_next_is_another_message",
        "test_what_exists_is_never_said_to_be_nowhere",
    ),
    "e2e/desk/test_by_name.py": (
        "test_a_list_is_searched_and_leads_on",
        "test_one_s_own_is_named",
    ),
    "e2e/desk/test_until_further_notice.py": ("test_from_the_counter_to_a_date_and_back",),
    "e2e/desk/test_unconfirmed_return.py": ("test_a_lender_does_not_find_it",),
    "e2e/inventory/test_real_inventory.py": ("test_an_arts_university_lends_by_chat",),
    "e2e/inventory/test_inventory_editing.py": (
        "test_a_long_inventory_of_long_words",
        "test_type_and_tags_are_chosen",
        "test_every_field_of_equipment",
    ),
    "e2e/inventory/test_kits.py": (
        "test_a_kit_whose_name_begins_like_a_length",
        "test_lists_of_kits_page_and_are_searched",
        "test_more_and_fewer_of_a_kit_are_of_all_its_parts",
        "test_retiring_names_the_kits_that_lack_it",
        "test_two_admins_change_one_kit",
        "test_a_kit_in_a_basket_may_be_retired_meanwhile",
        "test_several_kits_on_one_line",
        "test_a_kit_is_tapped_in_the_list",
    ),
    "e2e/inventory/test_named_lists.py": (
        "test_two_places_are_merged_by_tapping",
        "test_a_place_is_added_renamed_and_switched_off",
        "test_a_usual_field_is_renamed_by_tapping",
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
        "test_three_items_for_a_week",
        "test_who_can_have_another_one_reads_nothing",
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
        "test_two_members_are_merged_by_tapping",
        "test_two_admins_edit",
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
        "test_who_asks_is_among_what_waits",
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
        "test_why_somebody_was_turned_down_without_the_audit",
        "test_what_others_changed_stays_without_the_audit",
        "test_things_are_put_away_without_the_audit",
    ),
    "e2e/reports/test_audit.py": ("test_pages_go_back_in_time_and_forth",),
    "e2e/telegram/test_plain_text.py": (
        "test_a_second_report_while_a_photo_is_asked_for",
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
    "e2e/inventory/test_lists_asked.py": (
        "test_a_list_that_says_who_has_what_is_handed_out_as_listed",
        "test_a_list_whose_name_nobody_could_tell_asks_for_it",
    ),
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
        "test_unlinking_the_very_account",
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
        "test_buttons_from_before_find_their_return",
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
        "test_a_basket_is_filled_and_confirmed",
        "test_what_waited_is_done_and_said_once",
        "test_a_rental_goes_on_to_its_end",
        "test_a_reminder_that_was_queued_comes_once",
    ),
    "e2e/telegram/hostile/test_whatever_comes.py": ("test_everything_comes_and_the_program_is_killed",),
    "e2e/desk/test_counter_in_words.py": (
        "test_what_came_back_with_harm",
        "test_several_things_at_once",
        "test_in_the_middle_of_something",
        "test_nobody_of_that_name",
        "test_hand_out_now_on_the_worklist",
    ),
    "e2e/rentals/test_changes.py": (
        "test_a_full_day_moves_in_portions",
        "test_what_was_not_fetched_is_given_up",
        "test_more_time_takes_three_taps",
    ),
    "e2e/organizations/test_impossible_settings.py": ("test_an_impossible_rule",),
    "e2e/reports/test_stats.py": ("test_it_says_of_when_it_is",),
    "services/imports/readers/test_bombs.py": ("test_a_line_of_100_mb_is_one_refused_row",),
    "services/messaging/test_pending_requests.py": ("test_very_many_are_approved_some_at_a_time",),
    "api/test_changes.py": ("test_what_was_not_fetched_is_given_up",),
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

ONE_OF: dict[str, tuple[tuple[str, int], ...]] = {
    "bot/cli/test_cli.py": (("test_an_export_with_an_impossible_time_zone_is_refused_by_a_sentence", 3),),
    "bot/sending/test_delivery.py": (("test_what_does_not_get_through_is_sent_again_in_order", 2),),
    "bot/sending/test_leftovers.py": (("*", 2),),
    "bot/sending/test_refused_parts.py": (("test_formatting_or_buttons_that_are_wrong", 2),),
    "bot/test_database_trouble.py": (("*", 2),),
    "bot/test_sweep_faults.py": (("test_an_organization_with_impossible_settings_stops_no_other", 3),),
    "bot/updates/test_polling.py": (
        ("test_an_answer_that_is_no_list_is_asked_for_again", 3),
        ("test_no_refusal_ends_the_polling", 2),
    ),
    "bot/updates/test_workers.py": (("*", 2),),
    "e2e/desk/test_counter_in_words.py": (("*", 3),),
    "e2e/desk/test_item_card.py": (("test_takeback_knows_numbers_codes_and_labels", 3),),
    "e2e/desk/test_scanning.py": (("*", 2),),
    "e2e/inventory/test_inventory_editing.py": (("*", 3),),
    "e2e/inventory/test_inventory_items.py": (("*", 2),),
    "e2e/inventory/test_named_lists.py": (("*", 2),),
    "e2e/inventory/test_sizes.py": (("*", 3),),
    "e2e/labels/test_labels.py": (("*", 3),),
    "e2e/maintenance/test_blocks.py": (("test_few_and_many", 4),),
    "e2e/organizations/test_bad_groups.py": (("test_the_bot_is_removed", 2),),
    "e2e/rentals/test_reminders.py": (("*", 2),),
    "e2e/reports/test_export.py": (("*", 3),),
    "e2e/telegram/hostile/test_bad_taps.py": (("*", 2),),
    "e2e/telegram/hostile/test_bad_texts.py": (("*", 5),),
    "e2e/telegram/restarts/test_shutdown.py": (("*", 3),),
    "e2e/telegram/test_plain_text.py": (("*", 3),),
    "e2e/test_statements.py": (("*", 2),),
    "services/availability/test_allocation_in_use.py": (("test_whatever_happens_nothing_fixed_moves", 4),),
    "services/desk/test_transfer.py": (("test_an_offer_is_over_when_either_side_moves_on", 3),),
    "services/exports/test_readers.py": (
        ("test_the_inventory_comes_in_again", 2),
        ("test_members_come_in_again", 2),
    ),
    "services/exports/test_round_trip.py": (
        ("test_what_is_retired_comes_in_retired", 3),
        ("test_own_fields_are_not_taken_for_ours", 2),
    ),
    "services/imports/inventory/test_clubs_lists.py": (("test_a_clubs_list", 3),),
    "services/imports/inventory/test_lists.py": (("*", 5),),
    "services/imports/inventory/test_odd_lists.py": (("test_an_odd_list", 2),),
    "services/imports/inventory/test_repeats_and_ranges.py": (("test_a_list", 2),),
    "services/imports/inventory/test_undo.py": (("test_what_was_used_since_keeps_it_from_being_undone", 3),),
    "services/imports/readers/test_bombs.py": (("*", 3),),
    "services/imports/readers/test_xlsx_reader.py": (("test_a_broken_workbook_is_refused_whole", 2),),
    "services/labels/test_letters.py": (("*", 6),),
    "services/labels/test_pdf.py": (("*", 6),),
    "services/messaging/test_pending_requests.py": (("test_the_pile_shows_each_request_within_seconds", 3),),
    "services/messaging/test_renames.py": (("test_cards_follow", 2),),
    "services/organizations/test_policy_settings.py": (
        ("test_no_rule_takes_nonsense", 2),
        ("test_every_rule_can_be_changed_and_put_back", 2),
    ),
    "services/permissions/test_permissions.py": (
        ("test_a_button_does_what_the_table_says", 3),
        ("test_a_command_does_what_the_table_says", 2),
    ),
    "services/permissions/test_permissions_in_conversations.py": (("*", 6),),
    "services/permissions/test_tenant_isolation.py": (("*", 5),),
    "services/rentals/reminding/test_waiting.py": (("test_the_desk_is_reminded_in_time", 2),),
    "services/rentals/test_late_conflicts.py": (("test_what_is_solved_meanwhile_is_not_said", 2),),
    "services/reports/test_audit_of_lending.py": (("test_every_step_is_noted_once_where_it_is_made", 3),),
    "services/reports/test_audit_of_organizations.py": (
        ("test_every_step_is_noted_once_where_it_is_made", 2),
    ),
    "services/reports/test_stats.py": (("test_the_picture_is_one_for_a_phone", 4),),
    "services/scanning/test_pictures.py": (("test_what_is_refused", 2),),
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
        each = next((each for which, each in ONE_OF.get(file, ()) if which in ("*", name)), 1)
        if case and not behind:
            behind = seen[f"{file}::{name}"] % each > 0
            seen[f"{file}::{name}"] += 1
        if behind:
            item.add_marker(pytest.mark.long)


def _on_postgresql(case: str) -> bool:
    return "postgresql" in case.rstrip("]").split("-")


def _names(names: tuple[str, ...], name: str) -> bool:
    return names == ("*",) or name in names
