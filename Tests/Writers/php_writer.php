<?php
/* Sessions as PHP keeps them.

       php php_writer.php write|read PORT WRITER [ID]

   `write` prints the key and the id, `read` what PHP then holds, in Tidemark's text notation. */
ob_start();
ini_set('serialize_precision', '-1');
require __DIR__ . '/../SessionFormatsTests/Fixtures/php/notation.php';
[, $task, $port, $writer] = $argv;
$id = $argv[4] ?? null;

$session = ['user' => 'jdoe', 'cart' => [['sku' => 'A1', 'count' => 2]], 'note' => "Gr\u{fc}\u{df}e", 'total' => 9.5, 'staff' => false];
$long = $session + ['history' => array_map(fn($number) => "article number $number", range(0, 199))];

function answer($line) { fwrite(STDOUT, $line . "\n"); }

/* The two handlers of PHP itself, with what serializes for them. */
function handler($extension, $serializer, $port) {
    ini_set('session.save_handler', $extension);
    ini_set('session.save_path', $extension == 'memcached' ? "127.0.0.1:$port" : "tcp://127.0.0.1:$port");
    ini_set('session.serialize_handler', $serializer);
    ini_set('session.use_cookies', '0');
}

$handlers = [
    'php-memcached' => ['memcached', 'php'], 'php-memcached-serialize' => ['memcached', 'php_serialize'],
    'php-memcache' => ['memcache', 'php'], 'php-memcached-msgpack' => ['memcached', 'msgpack'],
    'php-memcached-igbinary' => ['memcached', 'igbinary'],
];
if (isset($handlers[$writer])) {
    handler($handlers[$writer][0], $handlers[$writer][1], $port);
    if ($task == 'write') {
        session_start();
        $_SESSION = $session;
        $id = session_id();
        session_write_close();
        answer(($handlers[$writer][0] == 'memcached' ? 'memc.sess.key.' : '') . $id . ' ' . $id);
    } else {
        session_id($id);
        session_start();
        answer(notation($_SESSION));
        session_abort();
    }
    return;
}

/* As the session classes of Symfony and Laravel call the extension; the frameworks themselves are not loaded. */
$client = new Memcached();
$client->addServer('127.0.0.1', (int) $port);
if ($task == 'write') {
    $id = $writer == 'laravel' ? str_repeat('aBcD3', 8) : bin2hex(random_bytes(16));
    $key = ($writer == 'laravel' ? 'laravel-cache-' : 'sf2s') . $id;
    if ($writer == 'laravel') {
        $client->set($key, serialize($long), time() + 7200);
    } else {
        session_start();
        $_SESSION = $long;
        $client->set($key, session_encode(), time() + 1440);
        session_abort();
    }
    answer("$key $id");
} else {
    $text = $client->get(($writer == 'laravel' ? 'laravel-cache-' : 'sf2s') . $id);
    if ($writer == 'laravel') {
        answer(notation(unserialize($text)));
    } else {
        session_start();
        session_decode($text);
        answer(notation($_SESSION));
        session_abort();
    }
}
