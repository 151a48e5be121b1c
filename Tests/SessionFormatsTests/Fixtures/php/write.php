<?php
/* Values as PHP serializes them, for the tests of the PHP formats.

       php write.php > php.tsv

   Each line: the handler, the payload in hexadecimal, and the value in Tidemark's text notation. The notation is printed
   from the values, not from the payloads; where PHP writes a reference, it is given here by hand. */
ob_start();
ini_set('serialize_precision', '-1');

require 'notation.php';

function line($handler, $payload, $notation) {
    fwrite(STDOUT, $handler . "\t" . bin2hex($payload) . "\t" . $notation . "\n");
}

$values = [
    null, true, false, 0, -5, PHP_INT_MAX, PHP_INT_MIN, 0.1, -0.0, 100000.0, 1e15, 1e17, 1e25, 1e-5, 0.0001, 1 / 3,
    -1.5e300, 5e-324, INF, -INF, NAN, '', 'jdoe', "Gr\u{fc}\u{df}e \u{6f22}", "\xff\x00raw", "a\"b;c}", "line\nfeed",
    [], [1, 2, 3], ['a' => 1, 'b' => [true, null]], [5 => 'five', 'x' => []], [1 => 'one', 0 => 'zero'], [[[]]],
    new Cart, [new Cart, new stdClass], new Own, [Suit::Hearts, 1],
];
foreach ($values as $value) line('php_serialize', serialize($value), notation($value));

$shared = new stdClass;
$list = [1, $shared, $shared];
$list[3] = &$list[0];
line('php_serialize', serialize($list), '[1, object("stdClass", {}), ref(3), ref(2)]');
line('php_serialize', 'C:4:"Text":20:{any text; of its own}', 'object("Text", b"any text; of its own")');
line('php_serialize', 'S:5:"\\61bc\\0a\\ff";', 'b"abc\\x0a\\xff"');

ini_set('session.save_path', sys_get_temp_dir());
session_start();
$sessions = [
    ['user' => 'jdoe', 'visits' => 3, 'cart' => new Cart], ['a b' => 1.5, 'empty' => [], "k\xff" => "\xff"],
    ['list' => [1, ['x' => 1]], 'none' => null, 'text' => "with | and ; and }"],
];
foreach (['php', 'php_serialize'] as $handler) {
    session_write_close();
    ini_set('session.serialize_handler', $handler);
    session_start();
    foreach ($sessions as $session) {
        $_SESSION = $session;
        line($handler, session_encode(), mapping($session));
    }
    $object = new stdClass;
    $_SESSION = ['first' => 1, 'object' => $object, 'again' => $object];
    $_SESSION['alias'] = &$_SESSION['first'];
    $offset = $handler == 'php' ? 0 : 1;
    line(
        $handler, session_encode(),
        sprintf('{"first": 1, "object": object("stdClass", {}), "again": ref(%d), "alias": ref(%d)}', 2 + $offset, 1 + $offset));
    unset($_SESSION['alias'], $object);
}
session_destroy();
