// `pm.expect`: the part of Chai's vocabulary that the collection may use.
//
// The meaning of each word is Chai's (https://www.chaijs.com/api/bdd/), so that Postman and
// Newman judge the same script alike. What is missing here is an error there is no way around.

import { chain, ExpectationFailed, ScriptError, show } from './chain.mjs'

const typeNames = new Set([
    'array', 'bigint', 'boolean', 'date', 'function', 'null', 'number', 'object', 'regexp',
    'string', 'symbol', 'undefined',
])

/** A value's type as Chai names it; works across the sandbox's border, where `instanceof` fails. */
export function typeOf(value) {
    return Object.prototype.toString.call(value).slice('[object '.length, -1).toLowerCase()
}

/** Deep, strict equality of the values that JSON and scripts are made of. */
export function isDeepEqual(left, right) {
    if (Object.is(left, right)) return true
    const type = typeOf(left)
    if (type !== typeOf(right)) return false
    if (type === 'date') return left.getTime() === right.getTime()
    if (type === 'regexp') return String(left) === String(right)
    if (type === 'array') {
        return left.length === right.length && left.every((item, i) => isDeepEqual(item, right[i]))
    }
    if (type !== 'object') return false
    const keys = Object.keys(left)
    return keys.length === Object.keys(right).length
        && keys.every((key) => Object.hasOwn(right, key) && isDeepEqual(left[key], right[key]))
}

function isSame(left, right, flags) {
    return flags.has('deep') ? isDeepEqual(left, right) : left === right
}

function needNumbers(...values) {
    const stranger = values.find((value) => typeof value !== 'number' || Number.isNaN(value))
    if (stranger !== undefined || values.includes(undefined)) {
        throw new ExpectationFailed(`expected a number, found ${show(stranger)}`)
    }
}

const comparison = (words, compare) => (subject, [bound]) => {
    needNumbers(subject, bound)
    return { holds: compare(subject, bound), expected: `be ${words} ${bound}` }
}

const above = comparison('above', (a, b) => a > b)
const atLeast = comparison('at least', (a, b) => a >= b)
const below = comparison('below', (a, b) => a < b)
const atMost = comparison('at most', (a, b) => a <= b)

function equal(subject, [wanted], flags) {
    return { holds: isSame(subject, wanted, flags), expected: `equal ${show(wanted)}` }
}

function eql(subject, [wanted]) {
    return { holds: isDeepEqual(subject, wanted), expected: `deeply equal ${show(wanted)}` }
}

function ofType(subject, [name]) {
    const wanted = String(name).toLowerCase()
    if (!typeNames.has(wanted)) throw new ScriptError(`unknown type '${name}'`)
    return { holds: typeOf(subject) === wanted, expected: `be of type ${wanted}` }
}

function include(subject, [part], flags) {
    const expected = `include ${show(part)}`
    switch (typeOf(subject)) {
    case 'string':
        if (typeof part !== 'string') throw new ScriptError('a string can only include a string')
        return { holds: subject.includes(part), expected }
    case 'array':
        return { holds: subject.some((item) => isSame(item, part, flags)), expected }
    case 'object':
        if (typeOf(part) !== 'object') throw new ScriptError('an object can only include an object')
        return {
            holds: Object.keys(part).every((key) => isSame(subject[key], part[key], flags)),
            expected,
        }
    default:
        throw new ExpectationFailed(`expected a string, array or object, found ${show(subject)}`)
    }
}

function match(subject, [pattern]) {
    if (typeOf(pattern) !== 'regexp') throw new ScriptError('match needs a regular expression')
    return { holds: pattern.test(subject), expected: `match ${pattern}` }
}

function property(subject, argumentsOfCall, flags) {
    const [name, wanted] = argumentsOfCall
    const exists = subject != null && name in Object(subject)
    const value = exists ? subject[name] : undefined
    if (argumentsOfCall.length === 1) {
        return { holds: exists, expected: `have property '${name}'`, subject: value }
    }
    const holds = exists && isSame(value, wanted, flags)
    return { holds, expected: `have property '${name}' of ${show(wanted)}`, subject: value }
}

function keys(subject, argumentsOfCall, flags) {
    const wanted = argumentsOfCall.flat()
    if (wanted.length === 0) throw new ScriptError('keys needs the keys')
    const present = Object.keys(Object(subject))
    const expected = `have ${flags.has('any') ? 'any of the' : 'the'} keys ${show(wanted)}`
    if (flags.has('any')) return { holds: wanted.some((key) => present.includes(key)), expected }
    const holds = wanted.length === present.length && wanted.every((key) => present.includes(key))
    return { holds, expected }
}

function lengthOf(subject, [wanted]) {
    const length = subject?.length
    needNumbers(length, wanted)
    return { holds: length === wanted, expected: `have length ${wanted}` }
}

function oneOf(subject, [choices]) {
    if (typeOf(choices) !== 'array') throw new ScriptError('oneOf needs an array')
    return { holds: choices.includes(subject), expected: `be one of ${show(choices)}` }
}

function members(subject, [wanted], flags) {
    if (typeOf(subject) !== 'array' || typeOf(wanted) !== 'array') {
        const found = `${show(subject)} and ${show(wanted)}`
        throw new ExpectationFailed(`expected two arrays, found ${found}`)
    }
    const rest = [...subject]
    const found = wanted.every((item) => {
        const place = rest.findIndex((candidate) => isSame(candidate, item, flags))
        if (place >= 0) rest.splice(place, 1)
        return place >= 0
    })
    return { holds: found && rest.length === 0, expected: `have the members ${show(wanted)}` }
}

function within(subject, [low, high]) {
    needNumbers(subject, low, high)
    return { holds: subject >= low && subject <= high, expected: `be within ${low}..${high}` }
}

function satisfy(subject, [predicate]) {
    return { holds: Boolean(predicate(subject)), expected: `satisfy ${show(predicate)}` }
}

function isEmpty(subject) {
    const keyCount = typeOf(subject) === 'object' ? Object.keys(subject).length : undefined
    const size = subject?.length ?? keyCount
    needNumbers(size)
    return { holds: size === 0, expected: 'be empty' }
}

const being = (words, test) => (subject) => ({ holds: test(subject), expected: `be ${words}` })

const vocabulary = {
    flags: ['not', 'deep', 'any', 'all'],
    properties: {
        ok: being('truthy', Boolean),
        true: being('true', (value) => value === true),
        false: being('false', (value) => value === false),
        null: being('null', (value) => value === null),
        undefined: being('undefined', (value) => value === undefined),
        exist: being('present', (value) => value != null),
        NaN: being('NaN', Number.isNaN),
        finite: being('finite', Number.isFinite),
        empty: isEmpty,
    },
    methods: {
        equal, equals: equal, eq: equal, eql, eqls: eql,
        a: ofType, an: ofType,
        above, gt: above, greaterThan: above, least: atLeast, gte: atLeast,
        below, lt: below, lessThan: below, most: atMost, lte: atMost, within,
        include, includes: include, contain: include, contains: include, string: include,
        match, matches: match, property, keys, key: keys, lengthOf, oneOf, members, satisfy,
    },
}

/** `pm.expect` for one test; `openChains` holds what has not reached a matcher yet. */
export function makeExpect(openChains) {
    return (subject, message) => chain(subject, vocabulary, openChains, message)
}
