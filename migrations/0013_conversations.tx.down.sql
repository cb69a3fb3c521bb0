DROP INDEX contacts_conversation;
