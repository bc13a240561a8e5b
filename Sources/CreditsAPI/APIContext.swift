import Ledger

/// What handlers work with.
final class APIContext: Sendable {
    let service: CreditService
    let settings: APISettings
    let documents: DocumentLibrary
    let metrics: MetricsExposition
    let isDraining: @Sendable () -> Bool

    init(
        service: CreditService, settings: APISettings, documents: DocumentLibrary,
        metrics: MetricsExposition, isDraining: @escaping @Sendable () -> Bool
    ) {
        self.service = service
        self.settings = settings
        self.documents = documents
        self.metrics = metrics
        self.isDraining = isDraining
    }
}
