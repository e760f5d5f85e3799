//! What every back end of the store promises, as stories that each back end must live through. A new back end joins
//! by a constructor in `support` and one `contract!` line.

#[path = "support/store.rs"]
mod support;

#[path = "store_contract/attempts.rs"]
mod attempts;
#[path = "store_contract/claims.rs"]
mod claims;
#[path = "store_contract/file.rs"]
mod file;
#[path = "store_contract/inbox.rs"]
mod inbox;
#[path = "store_contract/outbox.rs"]
mod outbox;
#[path = "store_contract/retention.rs"]
mod retention;
#[path = "store_contract/secrets.rs"]
mod secrets;
#[path = "store_contract/shortcuts.rs"]
mod shortcuts;
#[path = "store_contract/stops.rs"]
mod stops;

macro_rules! stories {
    ($backend:ident: $($room:ident::$story:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                crate::$room::$story(crate::support::$backend()).await;
            }
        )*
    };
}

macro_rules! contract {
    ($backend:ident) => {
        mod $backend {
            stories! { $backend:
                inbox::an_event_is_kept_once
                inbox::pages_and_channels_do_not_share_ids
                inbox::every_element_is_counted_once
                inbox::a_thousand_deliveries_at_once_are_all_kept
                inbox::an_operator_sees_rows_without_content
                inbox::a_buried_event_can_be_retried_or_dropped
                inbox::a_waiting_event_can_be_dropped
                claims::a_claim_takes_everything_that_waits_in_order
                claims::a_flood_is_claimed_in_portions_and_in_order
                claims::the_one_who_waits_longest_comes_first
                claims::what_arrives_during_a_claim_waits_for_the_next
                claims::a_lease_that_ended_passes_to_another_worker
                claims::a_stale_claim_can_write_nothing
                claims::a_turn_is_committed_whole_or_not_at_all
                claims::a_commit_touches_only_its_own_conversation
                claims::postponed_events_wait_and_count_the_attempt
                claims::a_buried_claim_apologises_and_frees_the_conversation
                claims::one_interim_message_a_turn
                claims::what_was_opened_is_on_record_before_the_commit
                claims::two_workers_never_share_a_conversation
                claims::links_come_and_go
                shortcuts::a_message_is_claimed_as_it_is_received
                shortcuts::who_is_held_or_has_waited_is_not_claimed_past_the_queue
                shortcuts::a_lost_shortcut_claim_is_taken_up_again
                shortcuts::a_delivery_of_many_waits_for_its_turn
                shortcuts::a_reply_is_leased_as_it_is_committed
                shortcuts::a_reply_behind_another_is_not_leased
                shortcuts::a_lost_shortcut_lease_is_an_uncertain_send
                shortcuts::an_echo_that_overtakes_the_answer_stops_nothing
                shortcuts::a_postponed_message_keeps_its_tries
                outbox::replies_leave_in_order_and_one_at_a_time
                outbox::conversations_do_not_wait_for_each_other
                outbox::a_retry_keeps_its_place
                outbox::what_is_withdrawn_is_not_sent
                outbox::a_conversation_is_roused_at_its_moment
                outbox::an_echo_settles_an_uncertain_try
                outbox::an_echo_counts_whenever_it_comes
                outbox::an_echo_of_somebody_else_settles_nothing
                outbox::an_uncertain_try_without_echo_is_repeated_and_counted
                outbox::a_sender_that_never_came_back_is_an_uncertain_try
                outbox::expired_replies_are_given_up
                outbox::paused_pages_are_passed_over
                attempts::an_attempt_is_taken_step_by_step_and_each_once
                attempts::one_attempt_a_conversation_is_under_way
                stops::an_order_counts_once_and_each_side_lifts_its_own
                secrets::a_key_is_kept_with_the_first_turn_and_comes_with_every_claim
                secrets::nothing_is_committed_under_a_key_that_is_not_kept
                secrets::a_key_goes_with_everything_else
                secrets::everything_sealed_is_found_and_replaced_where_it_still_stands
                secrets::who_is_silent_for_long_is_not_remembered
                secrets::each_class_goes_in_its_own_time
                retention::sweeping_keeps_ids_for_a_week
                retention::bodies_go_when_they_are_not_needed
                retention::a_person_is_forgotten_whole
                retention::a_claim_from_before_forgetting_is_stale
                retention::the_figures_add_up
            }
        }
    };
}

macro_rules! durable {
    ($backend:ident as $name:ident) => {
        mod $name {
            stories! { $backend:
                inbox::ids_are_known_after_a_restart
                claims::a_turn_survives_a_restart
                outbox::a_lease_survives_a_restart
                stops::a_stop_survives_a_restart
            }
        }
    };
}

contract!(thread_file);
contract!(inline_file);
contract!(inline_memory);
durable!(thread_file as thread_file_again);
durable!(inline_file as inline_file_again);
