<?php
/* Payloads in hexadecimal, one a line after the handler's name, as PHP itself reads them: in the notation of write.php. */
ob_start();
ini_set('serialize_precision', '-1');
require 'notation.php';
ini_set('session.save_path', sys_get_temp_dir());
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    [$handler, $hex] = explode("\t", $line);
    if ($handler == 'php') {
        session_start();
        $_SESSION = [];
        $isRead = session_decode(hex2bin($hex));
        fwrite(STDOUT, ($isRead ? mapping($_SESSION) : 'FAILED') . "\n");
        if ($isRead) session_destroy();
    } else {
        fwrite(STDOUT, notation(unserialize(hex2bin($hex))) . "\n");
    }
}
