//! Bytes as JavaScript text. Base64 hides what repeats in a wasm module from gzip and brotli, because three bytes share
//! four characters. Here each byte has a code of its own, one character for the frequent and two for the others, so
//! what repeats in the module repeats in the text: a fifth fewer bytes to download, and as simple to decode.

/// The printable characters of ASCII but those that need an escape in a string of any quotes, or could end a `<script>`.
const ALPHABET: &str = "!#%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";

/// The last characters of the alphabet, each of which begins a code of two.
const PREFIXES: usize = 2;

/// A text that stands for bytes; `pkg/src/internal/wasm.ts` decodes it.
pub struct Inline {
    /// Which bytes have a code of one character, in hexadecimal: four bytes a digit, the first of them its lowest bit.
    frequent: String,
    text: String,
}

impl Inline {
    pub fn encode(bytes: &[u8]) -> Self {
        let mut count = [0_usize; 256];
        for byte in bytes {
            count[usize::from(*byte)] += 1;
        }
        let alphabet: Vec<char> = ALPHABET.chars().collect();
        let single = alphabet.len() - PREFIXES;
        let mut order: Vec<u8> = (0..=u8::MAX).collect();
        order.sort_by_key(|byte| std::cmp::Reverse(count[usize::from(*byte)]));
        // Codes in the order of the bytes need no list of them, and bytes that are alike have characters that are.
        let (frequent, others) = order.split_at_mut(single);
        frequent.sort_unstable();
        others.sort_unstable();

        let all: Vec<u8> = (0..=u8::MAX).collect();
        let digit = |bytes: &[u8]| (0..4).filter(|bit| frequent.contains(&bytes[*bit])).map(|bit| 1 << bit).sum::<u8>();
        let digits = all.chunks(4).map(|bytes| format!("{:x}", digit(bytes))).collect();

        let mut codes = vec![String::new(); 256];
        for (rank, byte) in order.iter().enumerate() {
            let code = &mut codes[usize::from(*byte)];
            if let Some(rest) = rank.checked_sub(single) {
                code.push(alphabet[single + rest / single]);
            }
            code.push(alphabet[rank % single]);
        }
        Self { frequent: digits, text: bytes.iter().map(|byte| codes[usize::from(*byte)].as_str()).collect() }
    }

    /// The module whose default export is what `inline` of `pkg/src/internal/wasm.ts` takes.
    pub fn to_javascript(&self) -> String {
        let Self { frequent, text } = self;
        format!("export default {{\n  frequent: '{frequent}',\n  text: '{text}',\n}};\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(Inline { frequent, text }: &Inline) -> Vec<u8> {
        let digits: Vec<u32> = frequent.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
        let is_frequent = |byte: &u8| digits[usize::from(byte / 4)] >> (byte % 4) & 1 == 1;
        let (mut order, others): (Vec<u8>, Vec<u8>) = (0..=u8::MAX).partition(is_frequent);
        order.extend(others);
        let single = ALPHABET.len() - PREFIXES;
        let mut indices = text.chars().map(|char| ALPHABET.find(char).unwrap());
        let mut bytes = Vec::new();
        while let Some(index) = indices.next() {
            let rank = if index < single { index } else { (index - single + 1) * single + indices.next().unwrap() };
            bytes.push(order[rank]);
        }
        bytes
    }

    #[test]
    fn every_byte_has_a_code_and_reads_back() {
        let all: Vec<u8> = (0..=u8::MAX).chain([0, 0, 7, 7, 7, 0xff]).collect();
        for bytes in [&[][..], &[0], &all] {
            assert_eq!(decode(&Inline::encode(bytes)), bytes);
        }
        assert!((ALPHABET.len() - PREFIXES) * (PREFIXES + 1) >= 256);
    }

    #[test]
    fn the_text_needs_no_escape() {
        assert!(ALPHABET.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(!ALPHABET.contains(['"', '\'', '`', '\\', '$', '<']));
    }

    #[test]
    fn the_alphabet_is_what_javascript_makes_it() {
        assert!(ALPHABET.chars().eq(('!'..='~').filter(|char| !"\"$'<\\`".contains(*char))));
    }

    #[test]
    fn frequent_bytes_take_one_character() {
        let bytes = [vec![9; 1000], (0..=u8::MAX).collect()].concat();
        let Inline { text, .. } = Inline::encode(&bytes);
        assert!(text[..1000].chars().all(|char| text.starts_with(char)));
        assert_eq!(text.len(), 1000 + 256 + 256 - (ALPHABET.len() - PREFIXES));
    }
}
