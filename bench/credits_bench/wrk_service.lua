-- Balances read, or credits added, of random users: `wrk ... -- get|add USERS SEED`. All
-- requests are written before the first is sent. There is no response function: wrk would then
-- parse each answer for it, which costs more than most servers.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "wrk.lua")

local requests, count = {}, 0

function init(arguments)
   local operation = arguments[1]
   count = tonumber(arguments[2])
   math.randomseed(tonumber(arguments[3]))
   for user = 1, count do
      local path = "/api/credits/" .. user
      if operation == "add" then
         requests[user] = wrk.format(
            "POST", path .. "/add", {["Host"] = wrk.headers["Host"],
            ["Content-Type"] = "application/json"}, '{"amount":1}')
      else
         requests[user] = wrk.format("GET", path)
      end
   end
end

function request()
   return requests[math.random(count)]
end
