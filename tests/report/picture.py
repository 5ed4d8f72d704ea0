"""PNG pictures as pixels, as far as the browser writes them: 8 bits, RGB or RGBA, not interlaced."""

import struct
import zlib


class Picture:
    def __init__(self, png):
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        data, at = b"", 8
        while at < len(png):
            length, kind = struct.unpack(">I4s", png[at:at + 8])
            body = png[at + 8:at + 8 + length]
            if kind == b"IHDR":
                self.width, self.height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", body)
                assert depth == 8 and color in (2, 6) and not interlaced
                self.channels = 3 if color == 2 else 4
            elif kind == b"IDAT":
                data += body
            at += 12 + length
        self.rows = self.unfiltered(zlib.decompress(data))

    def unfiltered(self, data):
        stride, size = self.width * self.channels, self.channels
        rows, above = [], bytearray(stride)
        for line in range(self.height):
            start = line * (stride + 1)
            kind, row = data[start], bytearray(data[start + 1:start + 1 + stride])
            if kind == 1:
                for i in range(size, stride):
                    row[i] = (row[i] + row[i - size]) & 255
            elif kind == 2:
                row = bytearray((a + b) & 255 for a, b in zip(row, above))
            elif kind == 3:
                for i in range(stride):
                    left = row[i - size] if i >= size else 0
                    row[i] = (row[i] + (left + above[i]) // 2) & 255
            elif kind == 4:
                for i in range(stride):
                    left, corner = (row[i - size], above[i - size]) if i >= size else (0, 0)
                    row[i] = (row[i] + paeth(left, above[i], corner)) & 255
            rows.append(row)
            above = row
        return rows

    def pixel(self, x, y):
        return tuple(self.rows[y][x * self.channels:x * self.channels + 3])

    def colors(self, box=None, step=3):
        """How many of the sampled pixels in (left, top, right, bottom) have each colour."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        counts = {}
        for y in range(max(0, int(top)), min(self.height, int(bottom)), step):
            for x in range(max(0, int(left)), min(self.width, int(right)), step):
                color = self.pixel(x, y)
                counts[color] = counts.get(color, 0) + 1
        return counts


def paeth(left, above, corner):
    guess = left + above - corner
    distances = abs(guess - left), abs(guess - above), abs(guess - corner)
    return (left, above, corner)[distances.index(min(distances))]
