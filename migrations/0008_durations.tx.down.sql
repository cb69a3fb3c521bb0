DROP INDEX contacts_talk_time, contacts_ring_time, contacts_agent_talk_time;
