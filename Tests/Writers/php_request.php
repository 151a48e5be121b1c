<?php
/* A program that is run while a request of PHP has its session open, and again when the request has ended.

       php php_request.php memcached|memcache PORT ID COMMAND

   Prints how the command ended each time, and what the session then holds under n. */
ob_start();
[, $extension, $port, $id, $command] = $argv;
ini_set('session.save_handler', $extension);
ini_set('session.save_path', $extension == 'memcached' ? "127.0.0.1:$port" : "tcp://127.0.0.1:$port");
ini_set('session.use_cookies', '0');
function request($work) {
    global $id;
    session_id($id);
    session_start();
    $result = $work();
    session_write_close();
    return $result;
}
function run() {
    global $command;
    exec($command, $lines, $status);
    return $status;
}
request(function () { $_SESSION = ['user' => 'jdoe', 'n' => 3]; });
$locked = request(fn() => run());
$free = run();
fwrite(STDOUT, "$locked $free " . request(fn() => $_SESSION['n']) . "\n");
