//! What hangs together.

use super::Sheet;

/// Boxes of one group that hang together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) group: Option<usize>,
    pub(super) items: Vec<usize>,
    /// Whether these are the group's boxes without lines inside it, gathered.
    pub(super) loose: bool,
}

/// The pieces of a sheet: groups in order, what belongs to none last; in each, large pieces first, loose boxes last.
pub(super) fn of(sheet: &Sheet) -> Vec<Piece> {
    let mut parent: Vec<usize> = (0..sheet.items.len()).collect();
    for link in &sheet.links {
        if sheet.items[link.left].group == sheet.items[link.right].group {
            let (a, b) = (root(&mut parent, link.left), root(&mut parent, link.right));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); sheet.items.len()];
    for item in 0..sheet.items.len() {
        members[root(&mut parent, item)].push(item);
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut loose: Vec<Vec<usize>> = vec![Vec::new(); sheet.groups + 1];
    for items in members.into_iter().filter(|items| !items.is_empty()) {
        let group = sheet.items[items[0]].group;
        if items.len() == 1 {
            loose[group.unwrap_or(sheet.groups)].extend(items);
        } else {
            pieces.push(Piece { group, items, loose: false });
        }
    }
    for (group, items) in loose.into_iter().enumerate().filter(|(_, items)| !items.is_empty()) {
        pieces.push(Piece { group: Some(group).filter(|group| *group < sheet.groups), items, loose: true });
    }
    pieces.sort_by_key(|piece| {
        (
            piece.group.unwrap_or(sheet.groups),
            piece.loose,
            std::cmp::Reverse(piece.items.len()),
            piece.items[0],
        )
    });
    pieces
}

fn root(parent: &mut [usize], mut item: usize) -> usize {
    while parent[item] != item {
        parent[item] = parent[parent[item]];
        item = parent[item];
    }
    item
}
