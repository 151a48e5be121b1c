<?php
/* Values as the extension igbinary serializes them, for the tests of that format.

       php write.php > igbinary.tsv */
ob_start();
ini_set('serialize_precision', '-1');
require '../php/notation.php';

function line($payload, $notation) { fwrite(STDOUT, "igbinary\t" . bin2hex($payload) . "\t" . $notation . "\n"); }

$values = [
    null, true, false, 0, 1, -1, 255, 256, -255, -256, 65535, 65536, -65536, 2 ** 31, 2 ** 32, -(2 ** 32), PHP_INT_MAX, PHP_INT_MIN,
    0.1, -0.0, 1e300, INF, -INF, NAN, '', 'jdoe', "Gr\u{fc}\u{df}e", "\xff\x00", str_repeat('a', 300), str_repeat('b', 70000),
    [], [1, 2, 3], ['a' => 1, 'b' => ['a' => 'a', 'c' => 'b']], [5 => 'five', -3 => 1], array_fill(0, 300, 7),
    new Cart, [Suit::Hearts, 'Suit'], new Own,
];
foreach ($values as $value) line(igbinary_serialize($value), notation($value));
$shared = new stdClass;
line(igbinary_serialize([$shared, $shared]), '[object("stdClass", {}), ref(1)]');
$list = [1, 2];
$list[2] = &$list[0];
line(igbinary_serialize($list), '[1, 2, ref(1)]');
$list = [[1], 'x'];
$list[2] = &$list[0];
line(igbinary_serialize($list), '[[1], "x", ref(1)]');
// Arrays that PHP copies only when they are written to are one here.
$cart = notation(new Cart);
line(igbinary_serialize([new Cart, new Cart]), "[$cart, " . str_replace('[{"sku": "A1", "count": 2}]', 'ref(2)', $cart) . ']');
