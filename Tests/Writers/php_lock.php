<?php
/* The lock that PHP holds while a session is open: its key, client flags and bytes.

       php php_lock.php memcached|memcache PORT */
ob_start();
[, $extension, $port] = $argv;
ini_set('session.save_handler', $extension);
ini_set('session.save_path', $extension == 'memcached' ? "127.0.0.1:$port" : "tcp://127.0.0.1:$port");
ini_set('session.use_cookies', '0');
session_start();
$key = $extension == 'memcached' ? 'memc.sess.key.lock.' . session_id() : session_id() . '.lock';
$socket = fsockopen('127.0.0.1', (int) $port);
fwrite($socket, "get $key\r\n");
$words = explode(' ', rtrim(fgets($socket)));
if ($words[0] == 'VALUE') fwrite(STDOUT, "$key $words[2] " . bin2hex(stream_get_contents($socket, (int) $words[3])) . "\n");
session_destroy();
