// Variables and their scopes, and the `{{name}}` that stands for them.

import { randomInt, randomUUID } from 'node:crypto'
import { ScriptError } from './chain.mjs'

const dynamic = {
    $guid: () => randomUUID(),
    $randomUUID: () => randomUUID(),
    $timestamp: () => String(Math.floor(Date.now() / 1000)),
    $isoTimestamp: () => new Date().toISOString(),
    $randomInt: () => String(randomInt(0, 1001)),
}

/** One scope: what `pm.environment` and `pm.collectionVariables` are to a script. */
class Scope {
    #values = new Map()

    constructor(values = {}) {
        for (const [name, value] of Object.entries(values)) this.set(name, value)
    }

    get(name) { return this.#values.get(name) }
    set(name, value) { this.#values.set(name, value) }
    has(name) { return this.#values.has(name) }
    unset(name) { this.#values.delete(name) }
    clear() { this.#values.clear() }
    toObject() { return Object.fromEntries(this.#values) }
}

/** All scopes of a run; the nearest wins: local, environment, collection, globals. */
export class Variables {
    constructor(collectionVariables, environment) {
        this.local = new Scope()
        this.environment = new Scope(environment)
        this.collection = new Scope(collectionVariables)
        this.globals = new Scope()
    }

    has(name) { return this.#scopes().some((scope) => scope.has(name)) }
    get(name) { return this.#scopes().find((scope) => scope.has(name))?.get(name) }
    set(name, value) { this.local.set(name, value) }

    /** `text` with every `{{name}}` replaced, again and again where a value holds another name. */
    replaceIn(text, depth = 0) {
        if (depth > 10) throw new ScriptError(`variables that name each other in a circle: ${text}`)
        let isFinal = true
        const replaced = String(text).replace(/\{\{([^{}]+)\}\}/g, (_, name) => {
            isFinal = false
            return this.#value(name.trim())
        })
        return isFinal ? replaced : this.replaceIn(replaced, depth + 1)
    }

    #value(name) {
        if (Object.hasOwn(dynamic, name)) return dynamic[name]()
        if (this.has(name)) return String(this.get(name))
        throw new ScriptError(`unknown variable {{${name}}}`)
    }

    #scopes() {
        return [this.local, this.environment, this.collection, this.globals]
    }
}
