import FoundationEssentials
import Logging

/// The files of Swagger UI, from a folder that the installation has put them in.
enum SwaggerUIFiles {
    /// What its page loads, and nothing else of the folder.
    private static let mediaTypes = [
        "swagger-ui.css": "text/css; charset=utf-8",
        "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
        "favicon-32x32.png": "image/png",
    ]

    /// nil, with a warning, where one is missing: half a page is worse than ours.
    static func read(from directory: String, logger: Logger) -> [DocumentationAsset]? {
        var assets: [DocumentationAsset] = []
        for (name, mediaType) in mediaTypes {
            let path = "\(directory)/\(name)"
            guard let content = FileManager.default.contents(atPath: path) else {
                logger.warning("docs page without Swagger UI", metadata: ["missing": "\(path)"])
                return nil
            }
            assets.append(
                DocumentationAsset(name: name, mediaType: mediaType, body: Array(content)))
        }
        return assets
    }
}
