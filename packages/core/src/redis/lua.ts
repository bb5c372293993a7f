/**
 * Beginning of a script that needs the time. `now` is the server's clock in microseconds since 1970, a whole number that
 * a double holds exactly; `text(n)` writes a number in full, where Lua's own way stops at 14 digits.
 */
export const luaTime = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function text(n) return string.format('%.17g', n) end
`
