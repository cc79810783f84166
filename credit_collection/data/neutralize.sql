-- A copy for testing writes to nobody: no policy sends by itself, and what waits needs approval.
UPDATE credit_policy SET followup_automatic = FALSE;
UPDATE credit_followup SET state = 'draft' WHERE state = 'queued' AND mail_message_id IS NULL;
UPDATE credit_followup SET state = 'cancelled', cancel_reason = 'Neutralized copy'
 WHERE state = 'queued' AND mail_message_id IS NOT NULL;
