-- wrk: sends the requests of a file in turn. The file that REQUESTS names has a path and a token on each line. With PAUSE
-- each connection rests for that many milliseconds before it sends; with CONDITIONAL=on the client has everything already.
-- Where BODY is set, it is sent by POST, with the number of the line in the place of @LINE@. The token "-" is none.

local requests, turn = {}, 0

function init()
    for line in io.lines(os.getenv("REQUESTS")) do
        local path, token = line:match("^(%S+) (%S+)$")
        local fields = {}
        if token ~= "-" then fields.Authorization = "Bearer " .. token end
        if os.getenv("CONDITIONAL") == "on" then fields["If-None-Match"] = "*" end
        local body = os.getenv("BODY")
        if body == "" then body = nil end
        if body then body = body:gsub("@LINE@", #requests) end
        if body then fields["Content-Type"] = "application/json" end
        requests[#requests + 1] = wrk.format(body and "POST" or "GET", path, fields, body)
    end
end

function request()
    turn = turn % #requests + 1
    return requests[turn]
end

local pause = tonumber(os.getenv("PAUSE") or "")
if pause then
    function delay()
        return pause
    end
end

-- requests, requests a second, p50 and p99 in milliseconds, answers of 400 and up, broken connections
function done(summary, latency)
    local errors = summary.errors
    print(string.format("RESULT %d %.0f %.3f %.3f %d %d", summary.requests,
        summary.requests * 1e6 / summary.duration, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
