//! Many streams of bytes in one temporary file, each in blocks of one size.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::sync::Arc;

/// Streams that are being written. The file has no name: it is gone when the program is, whatever ends it.
pub(super) struct BlockWriter {
    file: File,
    block: usize,
    blocks: u32,
    streams: Vec<Stream>,
}

#[derive(Default)]
struct Stream {
    /// What is not in the file yet.
    pending: Vec<u8>,
    /// The numbers of its blocks.
    blocks: Vec<u32>,
    length: u64,
}

impl BlockWriter {
    /// Streams in blocks of so many bytes.
    pub fn new(streams: usize, block: usize) -> Result<BlockWriter> {
        let streams = (0..streams).map(|_| Stream::default()).collect();
        Ok(BlockWriter { file: tempfile::tempfile()?, block: block.max(1), blocks: 0, streams })
    }

    /// Begins a further stream.
    pub fn add(&mut self) -> usize {
        self.streams.push(Stream::default());
        self.streams.len() - 1
    }

    /// Appends a record to a stream.
    pub fn record(&mut self, stream: usize, record: &[u8]) -> Result<()> {
        let mut length = [0; 10];
        let length = super::record::varint(record.len() as u64, &mut length);
        self.bytes(stream, length)?;
        self.bytes(stream, record)
    }

    fn bytes(&mut self, stream: usize, mut bytes: &[u8]) -> Result<()> {
        let BlockWriter { file, block, blocks, streams } = self;
        let Some(stream) = streams.get_mut(stream) else { return Ok(()) };
        stream.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(*block - stream.pending.len()));
            stream.pending.extend_from_slice(now);
            bytes = later;
            if stream.pending.len() == *block {
                file.write_all(&stream.pending)?;
                stream.pending.clear();
                stream.blocks.push(*blocks);
                *blocks = blocks.checked_add(1).ok_or_else(|| Error::other("it has more than 4,294,967,295 blocks"))?;
            }
        }
        Ok(())
    }

    /// Ends a stream before the others: what it holds in memory is written.
    pub fn end(&mut self, stream: usize) -> Result<()> {
        let BlockWriter { file, block, blocks, streams } = self;
        let Some(stream) = streams.get_mut(stream) else { return Ok(()) };
        if !stream.pending.is_empty() {
            stream.pending.resize(*block, 0);
            file.write_all(&stream.pending)?;
            stream.blocks.push(*blocks);
            *blocks += 1;
        }
        stream.pending = Vec::new();
        Ok(())
    }

    /// Ends all streams.
    pub fn finish(mut self) -> Result<Arc<Blocks>> {
        for stream in 0..self.streams.len() {
            self.end(stream)?;
        }
        let streams = self.streams.into_iter().map(|stream| (stream.blocks, stream.length)).collect();
        Ok(Arc::new(Blocks { file: self.file, block: self.block, streams }))
    }
}

/// Streams that have been written.
pub(super) struct Blocks {
    file: File,
    block: usize,
    /// The numbers of their blocks, and their lengths.
    streams: Vec<(Vec<u32>, u64)>,
}

impl Blocks {
    /// The size of a block.
    pub fn block(&self) -> usize {
        self.block
    }

    pub fn count(&self) -> usize {
        self.streams.len()
    }

    pub fn length(&self, stream: usize) -> u64 {
        self.streams.get(stream).map_or(0, |(_, length)| *length)
    }

    /// Reads a stream from its beginning.
    pub fn read(self: &Arc<Blocks>, stream: usize) -> Records {
        Records {
            blocks: Arc::clone(self),
            stream,
            next: 0,
            left: self.length(stream),
            buffer: Vec::new(),
            at: 0,
            record: Vec::new(),
        }
    }
}

/// The records of a stream, one after the other.
pub(super) struct Records {
    blocks: Arc<Blocks>,
    stream: usize,
    /// The place of the next block among the stream's.
    next: usize,
    /// Bytes that are not in the buffer yet.
    left: u64,
    buffer: Vec<u8>,
    at: usize,
    record: Vec<u8>,
}

impl Records {
    /// The next record; none at the end.
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let (mut length, mut shift) = (0u64, 0);
        loop {
            let Some(byte) = self.byte()? else {
                return if shift == 0 { Ok(None) } else { Err(ErrorKind::UnexpectedEof.into()) };
            };
            length |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            shift += 7;
            if shift > 63 {
                return Err(ErrorKind::InvalidData.into());
            }
        }
        let mut length = usize::try_from(length).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        if self.buffer.len() - self.at >= length {
            self.at += length;
            return Ok(self.buffer.get(self.at - length..self.at));
        }
        self.record.clear();
        while length > 0 {
            if self.at == self.buffer.len() && !self.fill()? {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            let part = self.buffer.get(self.at..).unwrap_or_default();
            let part = part.get(..length.min(part.len())).unwrap_or_default();
            self.record.extend_from_slice(part);
            self.at += part.len();
            length -= part.len();
        }
        Ok(Some(&self.record))
    }

    fn byte(&mut self) -> Result<Option<u8>> {
        if self.at == self.buffer.len() && !self.fill()? {
            return Ok(None);
        }
        self.at += 1;
        Ok(self.buffer.get(self.at - 1).copied())
    }

    /// Reads the next block; whether there is one.
    fn fill(&mut self) -> Result<bool> {
        let Blocks { file, block, streams } = &*self.blocks;
        let Some(number) = streams.get(self.stream).and_then(|(blocks, _)| blocks.get(self.next)) else {
            return Ok(false);
        };
        let length = self.left.min(*block as u64);
        self.buffer.resize(length as usize, 0);
        let mut file: &File = file;
        file.seek(SeekFrom::Start(u64::from(*number) * *block as u64))?;
        file.read_exact(&mut self.buffer)?;
        (self.next, self.left, self.at) = (self.next + 1, self.left - length, 0);
        Ok(length > 0)
    }
}
