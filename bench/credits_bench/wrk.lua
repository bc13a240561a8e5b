-- What wrk counted, as one line of JSON. Without a request or response function of ours wrk sends
-- and reads at its full speed.
function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,'
         .. '"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}\n',
      summary.requests, summary.duration, summary.bytes,
      latency:percentile(50), latency:percentile(99),
      errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
