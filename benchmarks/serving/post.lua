-- Posts the bodies of a file in turn: wrk --script post.lua URL -- CONTENT_TYPE FILE, NUL between two bodies.
-- Prints one line of JSON at the end; times are in microseconds.
local requests, turn = {}, 0

function init(arguments)
  local headers = { ["Content-Type"] = arguments[1] }
  local file = assert(io.open(arguments[2], "rb"))
  for body in file:read("*a"):gmatch("%Z+") do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
  file:close()
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "duration": %d, "not_2xx": %d, "broken": %d, "p50": %d, "p99": %d}\n',
    summary.requests, summary.duration, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50), latency:percentile(99)))
end
