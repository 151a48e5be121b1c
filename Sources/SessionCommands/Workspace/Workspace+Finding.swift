internal import SessionCore

extension Workspace {
    /// Asks the store which sessions of the container in use have columns as asked.
    mutating func find(_ query: ColumnQuery) throws(CommandFailure) -> Reply {
        let store = try requireStore()
        guard store.capabilities.contains(.columns) else {
            throw CommandFailure(
                .refused,
                "\(store.address) has no columns to find sessions by; sessions lists them by their ids")
        }
        guard let container = currentContainer else {
            throw CommandFailure(.usage, "no container is in use; use NAME chooses the table that is asked")
        }
        return Reply(effects: [request(.find(query, in: container), .query(container))])
    }

    func found(_ listing: ColumnListing, in container: ContainerID) -> Reply {
        let profile = catalog.named(container.profile)
        var rows = [["session"] + listing.columns.map { PrintableText.escaping($0) }]
        for row in listing.rows {
            var id = row.key.description
            if case .session(let owner)? = profile?.classify(row.key.bytes[...]) {
                id = PrintableText.escaping(row.key.bytes[owner.session])
            }
            rows.append(
                [id]
                    + zip(listing.columns, row.values).map { column, value in
                        Secrets.isSecret([.key(.string(column))]) ? Secrets.mask : Self.shortText(of: value)
                    })
        }
        let count = Quantities.count(listing.rows.count, "session")
        return Reply(
            lines: Columns.lines(rows) + [listing.hasMore ? "the first \(count); limit=N shows more" : count])
    }
}
