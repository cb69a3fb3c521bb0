-- An administrator has set the revision of a contact.
ALTER TYPE audit_action ADD VALUE 'SET_REVISION';
