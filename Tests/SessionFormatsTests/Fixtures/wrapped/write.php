<?php
/* Values as php-memcached compresses them, read from a memcached as they are stored.

       php write.php HOST PORT > php.tsv

   Each line: how it is compressed, the client flags, the stored bytes in hexadecimal, and the value in hexadecimal. */
[$host, $port] = [$argv[1], (int) $argv[2]];
mt_srand(7);
$noise = '';
for ($i = 0; $i < 3000; $i++) $noise .= chr(mt_rand(0, 255));
$texts = [
    'repeated' => str_repeat('abcdefg ', 400), 'long run' => str_repeat('a', 9000), 'words' => str_repeat('the cart of jdoe; ', 150) . 'end',
    'numbers' => implode(',', range(1, 1500)), 'far' => substr($noise, 0, 900) . str_repeat('x', 9000) . substr($noise, 0, 900),
    'large' => str_repeat(implode(' ', range(1, 4000)), 4), 'half noise' => $noise . str_repeat("\0", 6000),
];
$client = new Memcached();
$client->addServer($host, $port);
$socket = fsockopen($host, $port);
foreach (['fastlz' => Memcached::COMPRESSION_FASTLZ, 'zlib' => Memcached::COMPRESSION_ZLIB] as $name => $method) {
    $client->setOption(Memcached::OPT_COMPRESSION_TYPE, $method);
    foreach ($texts as $what => $text) {
        $client->set('key', $text);
        fwrite($socket, "get key\r\n");
        [, , $flags, $length] = explode(' ', rtrim(fgets($socket)));
        $stored = stream_get_contents($socket, (int) $length);
        fgets($socket);
        fgets($socket);
        if ($flags & 16) echo "$name $what\t$flags\t" . bin2hex($stored) . "\t" . bin2hex(gzcompress($text, 9)) . "\n";
    }
}
