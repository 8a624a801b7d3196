/**
 * The Lua scripts of the ledger in Redis. Each is one step that no other client sees half done:
 * https://redis.io/docs/latest/develop/programmability/eval-intro/
 *
 * KEYS: the job, the set of open jobs, the set of ended jobs, the pauses of sources. The other keys of a job begin with that of the job; all have
 * the same hash tag, so that they are on one node.
 *
 * - the job itself, a hash: what it was started with, its state and its counts
 * - `:tickets` which tickets it changes, as JSON
 * - `:states` one letter for each line: Waiting, Sent, Applied, Reconciled, Not applied, Unknown
 * - `:items` by position, `:failures` by position, `:retries` by position: attempts and the time of the next one
 * - `:copies` by position: the positions of later lines with the same ticket
 * - `:chunks` by name: the positions of at most 100 lines of one source
 * - `:leases` by name of the chunk: which run has it
 * - `:taken` by position: how often a run has taken it without an end
 * - `:begun` when tickets were marked, if the job is limited: `<time> <tickets>`, the latest first
 * - `:sources` counts of each source
 */
import { CHUNK } from './ledger.ts';

/** Times that a ticket is taken together with others, without being finished, before it is taken alone. */
const SUSPECT_AFTER = 3;

/** Names of the keys of a job, after that of the job itself. */
export const JOB_KEYS = [
  ':tickets',
  ':states',
  ':items',
  ':failures',
  ':retries',
  ':copies',
  ':chunks',
  ':leases',
  ':taken',
  ':begun',
  ':sources',
];

const COMMON = `
  local job, open, ended, pauses = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local function key(name) return job .. ':' .. name end
  local function get(field) return redis.call('HGET', job, field) end
  local function id() return get('id') end

  local COLUMNS = { W = 'WAITING', S = 'SENT', A = 'APPLIED', R = 'APPLIED', N = 'NOT_APPLIED', U = 'UNKNOWN' }

  local function count(source, letter, change)
    if change == 0 then return end
    redis.call('HINCRBY', job, COLUMNS[letter], change)
    if source ~= '' then redis.call('HINCRBY', key('sources'), source .. '|' .. COLUMNS[letter], change) end
  end

  -- Also moves the lines that repeat the ticket. Returns how many have moved.
  local function move(position, to)
    redis.call('SETRANGE', key('states'), position, to)
    local copies, moved = redis.call('HGET', key('copies'), position), 1
    for copy in string.gmatch(copies or '', '%d+') do
      redis.call('SETRANGE', key('states'), copy, to)
      moved = moved + 1
    end
    return moved
  end

  local function isHeld(name, owner) return redis.call('HGET', key('leases'), name) == owner end

  local function touch() redis.call('ZADD', open, 'XX', 'GT', now, id()) end

  -- What the job ended as, if it did.
  local endedAs = ''

  local function stop(state)
    endedAs = state
    redis.call('HSET', job, 'state', state, 'endedAt', now)
    redis.call('ZREM', open, id())
    redis.call('ZADD', ended, now, id())
    redis.call('UNLINK', key('tickets'), key('chunks'), key('copies'), key('retries'), key('taken'), key('begun'))
  end

  local function stopIfFinished()
    local state = get('state')
    if tonumber(get('SENT')) > 0 then return end
    if state == 'CANCELLING' then stop('CANCELLED') end
    if state == 'RUNNING' and tonumber(get('WAITING')) == 0 then stop('DONE') end
  end`;

/**
 * Also KEYS: the idempotency key, the caller's jobs, the number of jobs. ARGV: id, tickets, then the fields of the job.
 * Returns the id of the job with this idempotency key.
 */
export const CREATE = `${COMMON}
  local known = redis.call('GET', KEYS[5])
  if known then return known end
  local row = redis.call('INCR', KEYS[7])
  redis.call('HSET', job, 'id', ARGV[1], 'row', row, 'state', 'GATHERING', 'createdAt', now,
    'total', 0, 'WAITING', 0, 'SENT', 0, 'APPLIED', 0, 'NOT_APPLIED', 0, 'UNKNOWN', 0, unpack(ARGV, 3))
  redis.call('SET', key('tickets'), ARGV[2])
  redis.call('SET', KEYS[5], ARGV[1])
  redis.call('ZADD', KEYS[6], row, ARGV[1])
  redis.call('ZADD', open, now, ARGV[1])
  return ARGV[1]`;

/** ARGV: owner. Holds the whole job to determine its tickets. Returns the job. */
export const HOLD = `${COMMON}
  if get('state') == 'GATHERING' then redis.call('HSET', key('leases'), 'all', ARGV[1]) end
  return redis.call('HGETALL', job)`;

/** ARGV: owner. */
export const CLEAR_ITEMS = `${COMMON}
  if get('state') ~= 'GATHERING' or not isHeld('all', ARGV[1]) then return 0 end
  redis.call('UNLINK', key('states'), key('items'), key('failures'), key('copies'), key('chunks'), key('sources'))
  redis.call('HSET', job, 'total', 0, 'WAITING', 0, 'SENT', 0, 'APPLIED', 0, 'NOT_APPLIED', 0, 'UNKNOWN', 0)
  return 1`;

/** ARGV: owner, first position, then of each line: letter, source, original or an empty text, item, failure or an empty text. */
export const ADD_ITEMS = `${COMMON}
  if get('state') ~= 'GATHERING' or not isHeld('all', ARGV[1]) then return 0 end
  local position = tonumber(ARGV[2])
  local chunks = {}
  for index = 3, #ARGV, 5 do
    local letter, source, original, item, failure = unpack(ARGV, index, index + 4)
    redis.call('HSET', key('items'), position, item)
    if failure ~= '' then redis.call('HSET', key('failures'), position, failure) end
    -- A later line is in the state of the one that names the ticket first, which an earlier process may have stored.
    if original ~= '' then letter = redis.call('GETRANGE', key('states'), original, original) end
    redis.call('SETRANGE', key('states'), position, letter)
    if original ~= '' then
      local copies = redis.call('HGET', key('copies'), original)
      redis.call('HSET', key('copies'), original, (copies and copies .. ',' or '') .. position)
    elseif letter == 'W' then
      local place = redis.call('HINCRBY', key('sources'), source .. '|places', 1) - 1
      local name = source .. ' ' .. math.floor(place / ${CHUNK})
      local chunk = chunks[name] or redis.call('HGET', key('chunks'), name)
      chunks[name] = (chunk and chunk .. ',' or '') .. position
    end
    count(source, letter, 1)
    position = position + 1
  end
  for name, positions in pairs(chunks) do redis.call('HSET', key('chunks'), name, positions) end
  redis.call('HSET', job, 'total', position)
  touch()
  return 1`;

/** ARGV: owner, state, problem or an empty text. Ends the gathering. Returns what the job ended as, if it did. */
export const SET_STATE = `${COMMON}
  if get('state') ~= 'GATHERING' or not isHeld('all', ARGV[1]) then return '' end
  if ARGV[3] ~= '' then redis.call('HSET', job, 'problem', ARGV[3]) end
  redis.call('HSET', job, 'state', ARGV[2], 'startedAt', now)
  if ARGV[2] == 'FAILED' then stop('FAILED') else stopIfFinished() end
  touch()
  return endedAs`;

/** Returns what the job ended as, if it did. */
export const CANCEL = `${COMMON}
  local state = get('state')
  if state ~= 'GATHERING' and state ~= 'RUNNING' then return '' end
  redis.call('HSET', job, 'state', 'CANCELLING')
  stopIfFinished()
  return endedAs`;

/** Returns the names of the chunks that are not finished. Those of a canceled job are, unless something is in flight. */
export const OPEN_CHUNKS = `${COMMON}
  local state, states, found = get('state'), redis.call('GET', key('states')) or '', {}
  if state ~= 'RUNNING' and state ~= 'CANCELLING' then return found end
  touch()
  local chunks = redis.call('HGETALL', key('chunks'))
  for index = 1, #chunks, 2 do
    for position in string.gmatch(chunks[index + 1], '%d+') do
      local letter = string.sub(states, position + 1, position + 1)
      if letter == 'S' or (letter == 'W' and state == 'RUNNING') then
        found[#found + 1] = chunks[index]
        break
      end
    end
  end
  return found`;

/**
 * ARGV: chunk, source, owner. From now on only this owner may mark its lines. Returns the job, lines that an earlier run has
 * marked, lines to write, until when the source is paused, and when the next waiting line is due; the last two are 0 if there
 * is no such time. Returns nothing if the job is over. A line that was often taken in vain is taken alone: if it is what ends
 * the process each time, the others are not held up by it.
 */
export const TAKE = `${COMMON}
  local state, positions = get('state'), redis.call('HGET', key('chunks'), ARGV[1])
  if not positions or (state ~= 'RUNNING' and state ~= 'CANCELLING') then return false end
  redis.call('HSET', key('leases'), ARGV[1], ARGV[3])
  local pausedUntil = tonumber(redis.call('HGET', pauses, ARGV[2] .. '|pausedUntil') or 0)
  local perSecond, paceAt = tonumber(get('perSecond')), tonumber(get('paceAt') or 0)
  local most = math.min(${CHUNK}, perSecond or ${CHUNK})
  local orphans, ready, due, isFull = {}, {}, 0, false
  local function dueAt(time) if due == 0 or time < due then due = time end end
  local function line(position)
    local retry = redis.call('HGET', key('retries'), position) or '0'
    local taken = tonumber(redis.call('HGET', key('taken'), position) or 0)
    return { position, redis.call('HGET', key('items'), position), string.match(retry, '^%d+'), taken }
  end
  for position in string.gmatch(positions, '%d+') do
    local letter = redis.call('GETRANGE', key('states'), position, position)
    if letter == 'S' then orphans[#orphans + 1] = line(position) end
    if letter == 'W' and state == 'RUNNING' then
      local retry = redis.call('HGET', key('retries'), position)
      local time = tonumber(retry and string.match(retry, ' (%d+)$') or 0)
      if perSecond and paceAt > now then time = math.max(time, paceAt) end
      if time > now then dueAt(time)
      elseif isFull or #ready == most or pausedUntil > now then dueAt(now)
      else
        local found = line(position)
        isFull = found[4] >= ${SUSPECT_AFTER}
        if isFull and #ready > 0 then dueAt(now) else ready[#ready + 1] = found end
      end
    end
  end
  if perSecond and #ready > 0 then
    redis.call('HSET', job, 'paceAt', math.ceil(math.max(now, paceAt) + #ready * 1000 / perSecond))
  end
  for _, found in ipairs(orphans) do redis.call('HINCRBY', key('taken'), found[1], 1) end
  for _, found in ipairs(ready) do redis.call('HINCRBY', key('taken'), found[1], 1) end
  touch()
  if pausedUntil <= now then pausedUntil = 0 end
  return { redis.call('HGETALL', job), orphans, ready, pausedUntil, due }`;

/** ARGV: chunk, owner. The run came to an end. */
export const RELEASE = `${COMMON}
  if not isHeld(ARGV[1], ARGV[2]) then return 0 end
  redis.call('HDEL', key('leases'), ARGV[1])
  return 1`;

/**
 * ARGV: chunk, source, owner, positions. Returns whether all are marked; otherwise none is. Tickets that were taken in time
 * may have waited for a free place: no more than `perSecond` are marked in any second.
 */
export const MARK_SENT = `${COMMON}
  if get('state') ~= 'RUNNING' or not isHeld(ARGV[1], ARGV[3]) then return 0 end
  for index = 4, #ARGV do
    if redis.call('GETRANGE', key('states'), ARGV[index], ARGV[index]) ~= 'W' then return 0 end
  end
  local perSecond, tickets = tonumber(get('perSecond')), #ARGV - 3
  if perSecond then
    local sum = tickets
    for _, begun in ipairs(redis.call('LRANGE', key('begun'), 0, perSecond)) do
      local at, earlier = string.match(begun, '(%d+) (%d+)')
      if tonumber(at) <= now - 1000 then break end
      sum = sum + earlier
    end
    if sum > perSecond then return 0 end
    redis.call('LPUSH', key('begun'), string.format('%d %d', now, tickets))
    redis.call('LTRIM', key('begun'), 0, perSecond)
  end
  local moved = 0
  for index = 4, #ARGV do moved = moved + move(ARGV[index], 'S') end
  count(ARGV[2], 'W', -moved)
  count(ARGV[2], 'S', moved)
  return 1`;

/**
 * ARGV: chunk, source, owner, problem of a job that stops after unknown outcomes, then of each line: position, letter before
 * and after, failure or an empty text, attempts, when it is due. Returns the positions that have changed, also if an earlier
 * call has changed them whose answer was lost, and what the job ended as, if it did.
 */
export const RECORD = `${COMMON}
  local changed = {}
  if not isHeld(ARGV[1], ARGV[3]) then return { changed, '' } end
  for index = 5, #ARGV, 6 do
    local position, from, to, failure, attempts, due = unpack(ARGV, index, index + 5)
    local letter = redis.call('GETRANGE', key('states'), position, position)
    if letter == from and (from ~= to or redis.call('HGET', key('retries'), position) ~= attempts .. ' ' .. due) then
      local moved = move(position, to)
      count(ARGV[2], from, -moved)
      count(ARGV[2], to, moved)
      if failure ~= '' then redis.call('HSET', key('failures'), position, failure)
      else redis.call('HDEL', key('failures'), position) end
      if to == 'W' then redis.call('HSET', key('retries'), position, attempts .. ' ' .. due)
      else redis.call('HDEL', key('retries'), position) end
      redis.call('HDEL', key('taken'), position)
      changed[#changed + 1] = tonumber(position)
    elseif letter == to then changed[#changed + 1] = tonumber(position) end
  end
  local most, unknown = tonumber(get('stopAfter')), tonumber(get('UNKNOWN'))
  if most and unknown >= most and get('state') == 'RUNNING' then
    redis.call('HSET', job, 'state', 'CANCELLING', 'problem', (string.gsub(ARGV[4], '<unknown>', unknown)))
  end
  touch()
  stopIfFinished()
  return { changed, endedAs }`;

/** ARGV: chunk, source, owner, until when in ms, problem. Pauses the source for all jobs. */
export const PAUSE = `${COMMON}
  if not isHeld(ARGV[1], ARGV[3]) then return 0 end
  redis.call('HSET', pauses, ARGV[2] .. '|pausedUntil', ARGV[4], ARGV[2] .. '|problem', ARGV[5])
  redis.call('ZADD', open, 'XX', 'GT', ARGV[4], id())
  return 1`;

/** ARGV: position to continue after, limit, letters or an empty text for all. Returns position, letter and item of each line. */
export const RESULTS = `${COMMON}
  local position, limit, found = tonumber(ARGV[1]) + 1, tonumber(ARGV[2]), {}
  local pattern = ARGV[3] == '' and '.' or '[' .. ARGV[3] .. ']'
  local size = redis.call('STRLEN', key('states'))
  while position < size and #found < limit do
    local states = redis.call('GETRANGE', key('states'), position, position + 4999)
    local at = 0
    while #found < limit do
      at = string.find(states, pattern, at + 1)
      if not at then break end
      local line = position + at - 1
      found[#found + 1] = { line, string.sub(states, at, at), redis.call('HGET', key('items'), line) }
    end
    position = position + #states
  end
  return found`;
