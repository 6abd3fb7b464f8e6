export { generateTransactions, type TransactionsRequest } from './generate-transactions.js';
export { MERCHANT_CATEGORIES, type MerchantCategoryName } from './merchant-categories.js';
export { FRAUD_PATTERNS, type FraudPattern, type SyntheticTransaction, TRANSACTION_COLUMNS } from './transaction.js';
