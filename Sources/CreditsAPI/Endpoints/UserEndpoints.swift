import HTTP
import Ledger

/// Who holds credits.
enum UserEndpoints {
    static func create(
        _ request: NewUserRequest, _ context: APIContext
    ) async throws(Problem) -> CreatedUser {
        let user: User?
        do {
            user = try await context.service.createUser(request.user)
        } catch {
            throw Problem(error)
        }
        guard let user else {
            throw Problem(
                type: .emailTaken,
                detail: "Another user has this e-mail address. No user was made.",
                errors: [
                    FieldError(
                        place: .body(member: "email"), detail: "Give an address that is free.")
                ])
        }
        return CreatedUser(user: user)
    }

    static func read(_ request: UserRequest, _ context: APIContext) async throws(Problem) -> User {
        let user: User?
        do {
            user = try await context.service.user(request.user)
        } catch {
            throw Problem(error)
        }
        guard let user else { throw .userNotFound }
        return user
    }

    static func delete(
        _ request: DeletionRequest, _ context: APIContext
    ) async throws(Problem) -> ReadyAnswer {
        let wasThere: Bool
        do {
            wasThere = try await context.service.deleteUser(
                request.user, by: request.origin)
        } catch {
            throw Problem(error)
        }
        guard wasThere else { throw .userNotFound }
        return ReadyAnswer(Response(status: .noContent))
    }

    static func list(
        _ request: PageRequest<UserCursor>, _ context: APIContext
    ) async throws(Problem) -> UserPage {
        let users: [User]
        do {
            users = try await context.service.users(
                after: request.cursor.flatMap { UserID($0.number) }, limit: request.limit + 1)
        } catch {
            throw Problem(error)
        }
        let page = CutPage(users, limit: request.limit)
        return UserPage(
            users: page.items,
            next: page.lastBeforeMore.map { UserCursor(number: $0.id.rawValue) })
    }
}
