# Values as Ruby's Marshal dumps them, for the tests of the Marshal format.
#
#     ruby write.rb > marshal.tsv
#
# Each line: the writer, the payload in hexadecimal, and the value in Tidemark's text notation, printed from the objects.
require 'json'
require 'set'
require 'bigdecimal'

class Cart
  def initialize(lines) = @lines = lines
  attr_reader :lines
end

class Names < Array; end
Point = Struct.new(:x, :y)

class Dumped
  def _dump(_) = 'own text'
  def self._load(text) = new
end

class Packed
  def marshal_dump = ['packed', 1]
  def marshal_load(value) = nil
end

def quoted_bytes(text) = 'b"' + text.bytes.map { |b| format('\\x%02x', b) }.join + '"'

def notation(value)
  case value
  when nil then 'null'
  when true, false, Integer then value.to_s
  when Float
    return 'double("nan")' if value.nan?
    return value > 0 ? 'double("inf")' : 'double("-inf")' if value.infinite?
    value.to_s
  when Symbol then "object(\"Symbol\", #{value.to_s.to_json})"
  when String
    case value.encoding
    when Encoding::UTF_8, Encoding::US_ASCII then value.valid_encoding? ? value.to_json : quoted_bytes(value)
    when Encoding::BINARY then quoted_bytes(value)
    else "object(\"String\", {\"encoding\": #{value.encoding.to_s.to_json}, \"bytes\": #{quoted_bytes(value)}})"
    end
  when Regexp then "object(\"Regexp\", tuple(#{value.source.to_json}, #{value.options & 7}))"
  when Names then "object(\"Names\", #{notation(value.to_a)})"
  when Array then '[' + value.map { |v| notation(v) }.join(', ') + ']'
  when Hash
    items = '{' + value.map { |k, v| "#{notation(k)}: #{notation(v)}" }.join(', ') + '}'
    value.default.nil? ? items : "object(\"Hash\", {\"items\": #{items}, \"default\": #{notation(value.default)}})"
  when Point then "object(\"Point\", {\"x\": #{notation(value.x)}, \"y\": #{notation(value.y)}})"
  when Dumped then 'object("Dumped", b"own text")'
  when Packed then 'object("Packed", ["packed", 1])'
  when Module then "object(\"#{value.class}\", #{value.to_s.to_json})"
  when Cart then "object(\"Cart\", {\"@lines\": #{notation(value.lines)}})"
  end
end

def line(payload, expected) = puts("ruby\t#{payload.unpack1('H*')}\t#{expected}")

[
  nil, true, false,
  [0, 1, -1, 122, 123, -123, -124, 255, 256, -256, -257, 65_535, 65_536, 2**24, 2**30 - 1, -2**30, 2**30, -2**31, 2**62, -2**64, 2**200],
  [0.0, -0.0, 0.1, 1.5e300, Float::INFINITY, -Float::INFINITY, Float::NAN, 3.0],
  ['', 'text', "Gr\u00fc\u00dfe \u6f22", "\xff\x00".b, 'ascii'.encode('US-ASCII'), "gr\xfc".dup.force_encoding('ISO-8859-1'), 'bad\xff'],
  [:symbol, :symbol, :"with space", { a: 1, 'b' => :c }], {}, [[[]]], { 'session' => { 'user' => 7 } }, Hash.new(5).merge('a' => 1),
  /ab+c/ix, Names.new(%w[a b]), Point.new(1, 'two'), [Dumped.new, Packed.new], [String, Comparable], Cart.new([{ 'sku' => 'A1' }])
].each { |value| line(Marshal.dump(value), notation(value)) }

shared = ['shared']
line(Marshal.dump([shared, shared]), '[["shared"], ref(1)]')
text = 'one text'
line(Marshal.dump([text, text]), '["one text", "one text"]')
loop_list = []
loop_list << loop_list
line(Marshal.dump(loop_list), '[ref(0)]')
