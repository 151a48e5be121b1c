internal import HTTPTypes
public import Hummingbird
internal import Logging
internal import SessionCore
public import SessionHTTP

/// A request's context that carries the sessions of its client.
public protocol SessionRequestContext: RequestContext {
    /// The sessions; nil outside of `SessionsMiddleware`.
    var sessions: SessionContext? { get set }
}

/// Puts the sessions of `SessionMiddleware` into Hummingbird's contexts: all that a framework needs to use Tidemark.
public struct SessionsMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let sessions: SessionMiddleware

    /// A middleware.
    public init(_ sessions: SessionMiddleware) {
        self.sessions = sessions
    }

    /// Answers a request in a transaction, and adds what the client has to be told.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var request = request
        // A request may be answered again when another one was faster, so its body has to be there a second time.
        _ = try await request.collectBody(upTo: context.maxUploadSize)
        do {
            var (response, fields) = try await sessions.respond(to: ClientRequest(request.head)) { sessions in
                var context = context
                context.sessions = sessions
                let response = try await next(request, context)
                return (response, response.status)
            }
            for field in fields where field.name != .setCookie { response.headers[fields: field.name] = [] }
            response.headers.append(contentsOf: fields)
            return response
        } catch {
            guard let answer = HTTPError(telling: error) else { throw error }
            // Stores' names and record keys are for the operator, not for the client.
            context.logger.error("\(request.method) \(request.uri.path): \(error)")
            throw answer
        }
    }
}

extension HTTPError {
    /// What a client is told of a request that failed for its session; nil for any other error.
    fileprivate init?(telling error: any Error) {
        switch error {
        case let error as TransactionError where error.isConflict:
            self.init(.conflict, message: "Your cart was changed in another window; look at it and try again.")
        case let error as TransactionError where error.mayHaveWritten:
            self.init(.serviceUnavailable, message: "It is not certain that this was kept; look at your cart first.")
        case let error as any RetryableError where error.isRetryable:
            self.init(.serviceUnavailable, message: "Your cart cannot be reached just now; nothing of this was kept.")
        case is any RetryableError:
            self.init(.internalServerError, message: "Something is wrong with your cart; nothing of this was kept.")
        default: return nil
        }
    }
}
