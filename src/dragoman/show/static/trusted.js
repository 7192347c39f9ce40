// The one way by which HTML gets into a page: htmx, which has it from our own addresses (connect-src 'self').
// Scripts have no way: this policy makes none, so whatever would turn text into one is refused.
window.trustedTypes?.createPolicy("default", { createHTML: (html) => html });
