use super::super::dot16::Dot16;
use super::super::dot16::portable::Portable as Integers;
use super::super::fma51::Fma51;
use super::super::fma51::portable::Portable as Floats;
use super::super::oracle;
use super::super::scalar::Scalar;
use super::*;

#[test]
fn the_known_answers_are_those_of_the_crate_rsa() {
    for answer in &KNOWN_ANSWERS {
        let (modulus, base) = answer.numbers();
        assert_eq!(checksum(&oracle::power(&modulus, answer.exponent, &base)), answer.checksum, "{:#x}", answer.seed);
    }
}

#[test]
fn the_largest_numbers_are_among_them() {
    let (modulus, base) = KNOWN_ANSWERS[0].numbers();
    assert_eq!((modulus, base[0]), (std::vec![0xff; 256], 0x7f));
}

#[test]
fn every_level_passes() {
    assert!(Modulus::<Scalar>::self_test());
    assert!(Modulus::<Dot16<Integers>>::self_test());
    assert!(Modulus::<Fma51<Floats<true>>>::self_test());
}

#[test]
fn a_machine_that_rounds_products_before_it_adds_to_them_fails() {
    assert!(!Modulus::<Fma51<Floats<false>>>::self_test());
}
