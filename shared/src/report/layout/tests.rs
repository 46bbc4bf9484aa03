use proptest::prelude::*;

use super::{Item, Link, Placed, Rect, Sheet, place};

fn sheet() -> impl Strategy<Value = Sheet> {
    (1usize..60, 0usize..4).prop_flat_map(|(count, groups)| {
        let group = if groups == 0 { Just(None).boxed() } else { prop::option::of(0..groups).boxed() };
        let item =
            (60..260i32, 30..80i32, group).prop_map(|(width, height, group)| Item { width, height, group });
        let link =
            (0..count, 0..count, any::<bool>(), 0..4usize).prop_map(|(left, right, points_left, class)| {
                Link { left, right, points_left, class, label: 50 }
            });
        (prop::collection::vec(item, count), prop::collection::vec(link, 0..90), Just(groups))
            .prop_map(|(items, links, groups)| Sheet { items, links, groups })
    })
}

fn check(sheet: &Sheet, placed: &Placed) {
    let page = Rect { x: 0, y: 0, width: placed.width, height: placed.height };
    for (at, rect) in placed.items.iter().enumerate() {
        assert!(
            rect.x >= 0 && rect.y >= 0 && rect.right() <= page.width && rect.bottom() <= page.height,
            "{rect:?} in {page:?}"
        );
        assert!(rect.width >= sheet.items[at].width && rect.height >= sheet.items[at].height);
        for other in &placed.items[at + 1..] {
            assert!(!rect.overlaps(other), "{rect:?} {other:?}");
        }
        for (group, frame) in placed.groups.iter().enumerate() {
            let own = sheet.items[at].group == Some(group);
            let inside = rect.x >= frame.x
                && rect.y >= frame.y
                && rect.right() <= frame.right()
                && rect.bottom() <= frame.bottom();
            assert!(if own { inside } else { !rect.overlaps(frame) }, "{rect:?} {frame:?} {own}");
        }
    }
    for (at, frame) in placed.groups.iter().enumerate() {
        for other in &placed.groups[at + 1..] {
            assert!(!frame.overlaps(other), "{frame:?} {other:?}");
        }
    }
    for (link, curve) in sheet.links.iter().zip(&placed.links) {
        if link.left != link.right {
            let touches = |point: (i32, i32), rect: Rect| {
                (point.0 == rect.x || point.0 == rect.right()) && (rect.y..=rect.bottom()).contains(&point.1)
            };
            let ends = [link.left, link.right].map(|item| placed.items[item]);
            assert!(
                (touches(curve.start, ends[0]) && touches(curve.end, ends[1]))
                    || (touches(curve.start, ends[1]) && touches(curve.end, ends[0]))
            );
            let target = if link.points_left { ends[0] } else { ends[1] };
            assert!(touches(if curve.arrow_at_start { curve.start } else { curve.end }, target));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn boxes_do_not_overlap_and_frames_hold_their_own(sheet in sheet()) {
        let placed = place(&sheet);
        check(&sheet, &placed);
        prop_assert_eq!(&placed, &place(&sheet), "the same sheet, the same drawing");
        let pieces = super::pieces::of(&sheet);
        check(&sheet, &super::pack::place(&sheet, &pieces));
        check(&sheet, &super::stack::place(&sheet, &pieces));
    }
}

fn item(group: Option<usize>) -> Item {
    Item { width: 100, height: 40, group }
}

fn link(left: usize, right: usize) -> Link {
    Link { left, right, points_left: false, class: 0, label: 30 }
}

#[test]
fn lines_go_from_left_to_right_and_straight() {
    let sheet = Sheet {
        items: vec![item(None); 4],
        links: vec![link(0, 1), link(1, 2), link(2, 3), link(0, 3)],
        groups: 0,
    };
    let placed = place(&sheet);
    assert!(placed.items.windows(2).all(|pair| pair[0].right() < pair[1].x));
    assert_eq!(placed.links[3].bends.len(), 2, "the long line bends where it passes layers");
    let ys: Vec<i32> = placed.links[3].bends.iter().map(|bend| bend.y).collect();
    assert!((ys[0] - ys[1]).abs() <= 1, "{ys:?}");
}

#[test]
fn two_lines_that_need_not_cross_do_not() {
    let sheet = Sheet { items: vec![item(None); 4], links: vec![link(0, 3), link(1, 2)], groups: 0 };
    let placed = place(&Sheet { links: [sheet.links.clone(), vec![link(0, 2)]].concat(), ..sheet });
    let above = |a: usize, b: usize| placed.items[a].y < placed.items[b].y;
    assert_eq!(above(0, 1), above(3, 2));
}

#[test]
fn two_thousand_boxes_take_a_moment() {
    let count = 2000;
    let items = (0..count).map(|at| item(Some(at / 200))).collect();
    let links = (0..count * 2).map(|at| link(at * 7919 % count, (at * 104_729 + 13) % count)).collect();
    let start = std::time::Instant::now();
    let placed = place(&Sheet { items, links, groups: 10 });
    assert_eq!(placed.items.len(), count);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
