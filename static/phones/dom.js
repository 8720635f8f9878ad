// Making elements. Text is always set as text: whatever an event or a push says stays data.

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
}

export function link(text, href, className) {
  const made = element('a', className, text);
  made.href = href.startsWith('/') ? href : '#';
  return made;
}
