/// Starts Swagger UI: a file, since the content security policy allows no script in the page.
enum SwaggerUIStart {
    static let text = """
        window.ui = SwaggerUIBundle({
            url: '/openapi.json',
            dom_id: '#swagger-ui',
            deepLinking: true,
            displayRequestDuration: true,
            tryItOutEnabled: true,
            // Without this it sends the document to a validator on the internet.
            validatorUrl: null,
        })

        """
}
