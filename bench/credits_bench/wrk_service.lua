-- Balances read, or credits added, of random users: `wrk ... -- get|add USERS SEED`. All
-- requests are written before the first is sent. There is no response function: wrk would then
-- parse each answer for it, which costs more than most servers.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "wrk.lua")

local requests, count = {}, 0

-- One request is formatted, and the others are cut from it: to format each of a hundred thousand
-- takes wrk half a second of CPU, which would be counted as the load's.
function init(arguments)
   local operation = arguments[1]
   count = tonumber(arguments[2])
   math.randomseed(tonumber(arguments[3]))
   local pattern
   if operation == "add" then
      pattern = wrk.format(
         "POST", "/api/credits/USER/add", {["Host"] = wrk.headers["Host"],
         ["Content-Type"] = "application/json"}, '{"amount":1}')
   else
      pattern = wrk.format("GET", "/api/credits/USER")
   end
   local before, behind = pattern:match("^(.*/)USER(.*)$")
   for user = 1, count do
      requests[user] = before .. user .. behind
   end
end

function request()
   return requests[math.random(count)]
end
