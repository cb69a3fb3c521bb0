DROP INDEX contacts_queue_time, contacts_time_to_answer, contacts_lost_after;
