-- realtime-relay: how many mails wait to be sent.
SELECT count(*) FROM mails WHERE outcome IS NULL
