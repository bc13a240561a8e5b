/// The script of the docs page of our own: copies curl lines and tries calls. No framework, nothing
/// from elsewhere; the page can be read without it.
enum PageScript {
    static let text = #"""
        'use strict'

        const documentedOrigin = 'http://localhost:8000'
        const settings = document.querySelector('[data-settings]')

        function start() {
            settings.hidden = false
            settings.addEventListener('submit', (event) => event.preventDefault())
            for (const code of document.querySelectorAll('.curl code')) {
                code.textContent = code.textContent.replace(documentedOrigin, location.origin)
            }
            for (const button of document.querySelectorAll('[data-copy]')) {
                button.hidden = false
                button.addEventListener('click', () => copy(button))
            }
            for (const form of document.querySelectorAll('form.try')) {
                form.hidden = false
                form.addEventListener('submit', (event) => {
                    event.preventDefault()
                    send(form)
                })
            }
            window.addEventListener('hashchange', openTarget)
            openTarget()
        }

        /** Opens the call that the address names. */
        function openTarget() {
            const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
            if (target instanceof HTMLDetailsElement) {
                target.open = true
                target.scrollIntoView()
            }
        }

        async function copy(button) {
            const code = button.parentElement.querySelector('code')
            try {
                await navigator.clipboard.writeText(code.textContent)
                button.textContent = 'Copied'
            } catch {
                // No clipboard without a secure context: mark it, so that the keyboard can copy.
                getSelection().selectAllChildren(code)
                button.textContent = 'Selected'
            }
            setTimeout(() => { button.textContent = 'Copy' }, 1500)
        }

        /** The call that the form describes: what fetch() needs. */
        function requestOf(form) {
            const headers = {}
            const query = new URLSearchParams()
            let path = form.dataset.path
            let body
            for (const field of form.querySelectorAll('[data-in]')) {
                const { name, in: place } = field.dataset
                if (field.value === '') continue
                const inPath = encodeURIComponent(field.value)
                if (place === 'path') path = path.replace(`{${name}}`, inPath)
                if (place === 'query') query.set(name, field.value)
                if (place === 'header') headers[name] = field.value
                if (place === 'body') body = field.value
            }
            if (body !== undefined) headers['Content-Type'] = 'application/json'
            const { method, administrator } = form.dataset
            const token = settings.elements.token.value
            if (administrator === 'true' && token) headers.Authorization = `Bearer ${token}`
            const url = query.size > 0 ? `${path}?${query}` : path
            return { url, options: { method, headers, body, cache: 'no-store' } }
        }

        async function send(form) {
            const answer = form.querySelector('.answer')
            const button = form.querySelector('button')
            answer.replaceChildren(element('p', 'waiting', 'Waiting for the answer'))
            button.disabled = true
            try {
                const { url, options } = requestOf(form)
                const begin = performance.now()
                const response = await fetch(url, options)
                const text = await response.text()
                show(answer, response, text, Math.round(performance.now() - begin))
            } catch (error) {
                answer.replaceChildren(element('p', 'failure', `No answer: ${error.message}`))
            } finally {
                button.disabled = false
            }
        }

        function show(answer, response, text, milliseconds) {
            const kind = response.ok ? 'code success' : 'code failure'
            const line = element('p', 'outcome')
            line.append(
                element('span', kind, response.status),
                ` ${response.statusText} in ${milliseconds} ms`)
            const fields = [...response.headers].map(([name, value]) => `${name}: ${value}`)
            answer.replaceChildren(
                line, block(readable(response, text)), more('Header fields', fields.join('\n')))
        }

        function readable(response, text) {
            if (!/json/.test(response.headers.get('Content-Type') ?? '')) return text
            try {
                return JSON.stringify(JSON.parse(text), null, 2)
            } catch {
                return text  // not what it says it is: shown as it came
            }
        }

        function more(title, text) {
            const details = element('details')
            details.append(element('summary', '', title), block(text))
            return details
        }

        function block(text) {
            const pre = element('pre')
            pre.append(element('code', '', text))
            return pre
        }

        function element(name, className = '', text = '') {
            const made = document.createElement(name)
            if (className) made.className = className
            made.textContent = text
            return made
        }

        start()

        """#
}
