internal import SessionCore

/// The one connection on which a store writes, which requests take in turns.
///
/// SQLite lets one connection of a file write at a time, and a connection that is refused asks again after a pause, so that
/// one of several can be passed over until it gives up. Requests of one store wait here instead, first come, first served,
/// and for another program only the first of them.
actor WritingConnection {
    private enum Turn { case taken, late, cancelled }

    private let failure: DatabaseFailure
    private let open: @Sendable () throws(StoreError) -> SQLiteConnection
    private var idle: SQLiteConnection?
    private var isTaken = false
    private var isClosed = false
    private var waiting: [(id: UInt64, continuation: CheckedContinuation<Turn, Never>)] = []
    private var lastID: UInt64 = 0

    /// `open` opens the connection, the first time that somebody writes.
    init(failure: DatabaseFailure, open: @escaping @Sendable () throws(StoreError) -> SQLiteConnection) {
        self.failure = failure
        self.open = open
    }

    /// The connection; it goes back with `giveBack`.
    ///
    /// Throws `busy` if those before do not give it back before the timeout.
    func take() async throws(StoreError) -> SQLiteConnection {
        if isTaken {
            switch await turn() {
            case .taken: break
            case .late: throw failure.ownWriter
            case .cancelled: throw failure.storeError(CancellationError(), writing: true)
            }
        }
        isTaken = true
        do throws(StoreError) {
            guard let connection = idle else { return try open() }
            idle = nil
            return connection
        } catch {
            passOn()
            throw error
        }
    }

    /// Gives the connection to who waits for it.
    func giveBack(_ connection: SQLiteConnection) {
        if isClosed { connection.close() } else { idle = connection }
        passOn()
    }

    /// Ends the connection; one that is taken when it comes back.
    func close() {
        isClosed = true
        idle?.close()
        idle = nil
    }

    private func passOn() {
        isTaken = !waiting.isEmpty
        if isTaken { waiting.removeFirst().continuation.resume(returning: .taken) }
    }

    private func turn() async -> Turn {
        lastID += 1
        let id = lastID
        let timer = Task { [timeout = failure.timeout] in
            guard (try? await Task.sleep(for: .milliseconds(timeout))) != nil else { return }
            self.end(id, .late)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume(returning: .cancelled)
                } else {
                    waiting.append((id, continuation))
                }
            }
        } onCancel: {
            Task { await self.end(id, .cancelled) }
        }
    }

    private func end(_ id: UInt64, _ turn: Turn) {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: place).continuation.resume(returning: turn)
    }
}
