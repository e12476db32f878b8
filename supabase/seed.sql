-- Nothing is seeded: the first person to sign up creates the first workspace.
-- To look around with data, run the application in demo mode.
select 1;
