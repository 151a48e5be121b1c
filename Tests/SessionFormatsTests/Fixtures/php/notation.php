<?php
/* Classes to serialize, and values of PHP in Tidemark's text notation. */

class Cart { public $lines = [['sku' => 'A1', 'count' => 2]]; protected $total = 9.5; private $owner = 'jdoe'; }
class Own { public $a = 1; function __serialize(): array { return ['q' => 1, 'r' => [2]]; } function __unserialize(array $d): void {} }
#[AllowDynamicProperties]
class Text implements Serializable {
    function serialize() { return 'any text; of its own'; } function unserialize($text) {}
    function __serialize(): array { return []; } function __unserialize(array $d): void {}
}
enum Suit: string { case Hearts = 'h'; }

function quoted($text) {
    if (!mb_check_encoding($text, 'UTF-8')) {
        $out = '';
        foreach (str_split($text) as $byte) $out .= sprintf('\\x%02x', ord($byte));
        return 'b"' . $out . '"';
    }
    return json_encode($text, JSON_UNESCAPED_SLASHES);
}

function notation($value) {
    if ($value === null) return 'null';
    if (is_bool($value)) return $value ? 'true' : 'false';
    if (is_int($value)) return (string) $value;
    if (is_float($value)) {
        if (is_nan($value)) return 'double("nan")';
        if (is_infinite($value)) return $value > 0 ? 'double("inf")' : 'double("-inf")';
        $text = var_export($value, true);
        return str_replace('E', 'e', $text);
    }
    if (is_string($value)) return quoted($value);
    if (is_array($value)) {
        if ($value && array_is_list($value)) return '[' . implode(', ', array_map('notation', $value)) . ']';
        return mapping($value);
    }
    if ($value instanceof UnitEnum) return 'object("enum", "' . $value::class . ':' . $value->name . '")';
    if ($value instanceof Own) return 'object("Own", ' . mapping($value->__serialize()) . ')';
    return 'object("' . $value::class . '", ' . mapping((array) $value) . ')';
}

function mapping($values) {
    $pairs = [];
    foreach ($values as $key => $value) $pairs[] = (is_int($key) ? $key : quoted($key)) . ': ' . notation($value);
    return '{' . implode(', ', $pairs) . '}';
}
