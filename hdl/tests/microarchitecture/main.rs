//! The pages on the microarchitecture against the blocks: every module has its section, every port of it stands there
//! with its direction and width, and every cycle figure is what the simulation gives.
//! `GOLDILANE_REGENERATE=1` draws the figures anew.

mod cell_figures;
mod core_figures;
mod cost;
mod expression;
mod figure;
mod pages;
mod ports;
mod shell_figures;
mod stream_figures;
mod switch_figures;
mod transform_figures;

use pages::Page;

#[test]
fn every_port_of_every_module_stands_in_its_section() {
    ports::check(&pages::all());
}

#[test]
fn figures_are_what_the_simulation_gives() {
    let drawn: Vec<(&str, String)> = [
        cell_figures::all(),
        core_figures::all(),
        cost::all(),
        switch_figures::all(),
        transform_figures::all(),
        shell_figures::all(),
        stream_figures::all(),
    ]
    .concat();
    let pages: Vec<Page> = pages::all();
    for (name, text) in &drawn {
        let page = pages.iter().find(|p| p.figure(name).is_some());
        let page = page.unwrap_or_else(|| panic!("no page has the figure {name}"));
        if std::env::var_os("GOLDILANE_REGENERATE").is_some() {
            page.replace_figure(name, text);
        } else {
            let found = page.figure(name).expect("looked up above");
            assert!(
                found == text,
                "figure {name} of {} is not what the simulation gives: run `GOLDILANE_REGENERATE=1 cargo test --release \
                 -p goldilane-hdl --test microarchitecture`\n{text}",
                page.name()
            );
        }
    }
    let known = |name: &str| drawn.iter().any(|(n, _)| *n == name);
    for page in &pages {
        for name in page.figures() {
            assert!(known(&name), "{}: nobody draws {name}", page.name());
        }
    }
}
