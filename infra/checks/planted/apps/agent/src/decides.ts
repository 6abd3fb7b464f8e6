export const decides = true;
