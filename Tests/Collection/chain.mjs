// Chains of words that end in a matcher: `subject.to.not.be.above(3)`.
//
// A chain is a Proxy over four vocabularies: filler words, flags, matchers without
// arguments and matchers with them. A word outside of all four throws, so that a misspelt
// matcher is an error and never a silent pass. A chain that is begun but never reaches a
// matcher (`.to.equal` without its call) is remembered as dangling, for the same reason.

const fillers = new Set([
    'to', 'be', 'been', 'is', 'that', 'which', 'and', 'has', 'have', 'with', 'at', 'of',
    'same', 'but', 'does', 'still', 'also',
])

/** The expectation was understood, and does not hold. */
export class ExpectationFailed extends Error {}

/** The script itself is wrong: an unknown word, a matcher misused, an unknown variable. */
export class ScriptError extends Error {}

/**
 * Begins a chain about `subject`.
 *
 * A vocabulary is `{ flags: [..], properties: {name: matcher}, methods: {name: matcher} }`, a
 * matcher `(subject, arguments, flags) => { holds, expected, subject? }`; a `subject` in
 * its result is what the rest of the chain is about. `openChains` is a Set that holds the chain
 * until it reaches a matcher.
 */
export function chain(subject, vocabulary, openChains, message) {
    const identity = {}
    openChains.add(identity)
    return link(subject, new Set(), { vocabulary, openChains, identity, message })
}

function link(subject, flags, shared) {
    const { flags: knownFlags, properties, methods } = shared.vocabulary
    const conclude = (matcher, argumentsOfCall) => {
        shared.openChains.delete(shared.identity)
        const next = judge(matcher, subject, argumentsOfCall, flags, shared.message)
        return link(next, new Set(flags), shared)
    }
    return new Proxy({}, {
        get(_, word) {
            // Promise resolution and printing ask for these; they are no matchers.
            if (typeof word === 'symbol' || word === 'then' || word === 'toJSON') return undefined
            if (fillers.has(word)) return link(subject, flags, shared)
            if (knownFlags.includes(word)) return link(subject, new Set(flags).add(word), shared)
            if (Object.hasOwn(properties, word)) return conclude(properties[word], [])
            if (Object.hasOwn(methods, word)) {
                return (...argumentsOfCall) => conclude(methods[word], argumentsOfCall)
            }
            throw new ScriptError(`unknown matcher '${word}'`)
        },
    })
}

function judge(matcher, subject, argumentsOfCall, flags, message) {
    const verdict = matcher(subject, argumentsOfCall, flags)
    const negated = flags.has('not')
    if (verdict.holds === negated) {
        const lead = message ? `${message}: ` : ''
        const about = verdict.about ?? show(subject)
        const relation = negated ? 'not to' : 'to'
        throw new ExpectationFailed(`${lead}expected ${about} ${relation} ${verdict.expected}`)
    }
    return Object.hasOwn(verdict, 'subject') ? verdict.subject : subject
}

/** A value in a failure's message: JSON where possible, and never longer than a line or two. */
export function show(value) {
    if (value === undefined) return 'undefined'
    if (typeof value === 'function') return `function ${value.name}`
    if (Object.prototype.toString.call(value) === '[object RegExp]') return String(value)
    if (typeof value === 'number' || typeof value === 'bigint') return String(value)
    let text
    try {
        text = JSON.stringify(value) ?? String(value)
    } catch {
        text = String(value)  // cyclic: JSON cannot show it
    }
    return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
