internal import ArgumentParser
internal import SessionCommands
internal import SessionCore
internal import SessionFormats

/// `tidemark decode`: what some bytes are.
struct DecodePayload: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Name the format of some bytes and print them as a value.",
        discussion: """
            Nothing in the bytes is executed. The value goes to standard output, its format and what a program that loads it \
            would be made to do to standard error; with --json all of it is one line on standard output.
            """)

    @Flag(help: "Print one line of JSON: format, bytes, dangers and value.") var json = false
    @Argument(help: "The file; standard input without one, and for -.") var file = "-"

    func run() throws {
        let payload = try InputFile.bytes(file)
        let (format, content) = FormatCatalog.read(payload, flags: 0)
        guard !json else {
            let format = Notation.text(of: .string(format.name))
            let dangers = Notation.text(of: .list(content.dangers.map { .string($0) }))
            Output.data(
                #"{"format": \#(format), "bytes": \#(payload.count), "dangers": \#(dangers), "#
                    + #""value": \#(TaggedJSON.text(of: content.tree))}"#)
            return
        }
        Output.remark("\(format.name), \(Quantities.count(payload.count, "byte"))")
        for danger in content.dangers { Output.remark("danger: \(danger)") }
        Output.data(Notation.indentedText(of: content.tree))
    }
}
