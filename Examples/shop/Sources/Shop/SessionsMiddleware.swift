internal import HTTPTypes
public import Hummingbird
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
            response.headers.append(contentsOf: fields)
            return response
        } catch let error as SessionHTTPError {
            throw HTTPError(.serviceUnavailable, message: "Your cart cannot be reached just now. \(error)")
        } catch let error as TransactionError {
            throw HTTPError(
                error.isRetryable ? .conflict : .serviceUnavailable,
                message: "Your cart was changed in another window; nothing of this was kept. \(error)")
        }
    }
}
