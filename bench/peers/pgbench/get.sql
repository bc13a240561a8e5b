\set user random(1, :users)
SELECT user_id, credits, last_updated FROM credits WHERE user_id = :user;
