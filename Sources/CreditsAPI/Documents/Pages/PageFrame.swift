/// What all pages of ours have in common. They load nothing from elsewhere, and have no script or
/// style in the HTML itself: the content security policy allows files of this server only.
enum PageFrame {
    /// - Parameter head: Elements for the page's head beside those that all have.
    static func render(title: String, head: HTMLText = "", body: HTMLText) -> HTMLText {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <link rel="icon" type="image/svg+xml" href="/docs/icon.svg">
        \(head)</head>
        \(body)
        </html>

        """
    }

    static let style: HTMLText = """
        <link rel="stylesheet" href="/docs/credits.css">

        """

    /// The top of a page: who we are, and where the other documents are.
    static func masthead(_ tagline: HTMLText) -> HTMLText {
        """
        <header class="masthead">
        <a class="brand" href="/docs">\
        <img src="/docs/icon.svg" alt="" width="32" height="32">Credits</a>
        <p>\(tagline)</p>
        <nav aria-label="Documents">
        <a href="/docs">Docs</a>
        <a href="/problems">Problems</a>
        <a href="/openapi.json">OpenAPI</a>
        <a href="/postman_collection.json">Postman</a>
        </nav>
        </header>
        """
    }
}
