/** Requests to the service. */

import { closeAccess, newKey, storedKey } from "./access.js";

/** An answer that refuses, or none at all: `status` is then 0. */
export class ServiceError extends Error {
  constructor(message, { status = 0, problems = [], retrySeconds = 1 } = {}) {
    super(message);
    this.status = status;
    this.problems = problems;
    this.retrySeconds = retrySeconds;
  }
}

/**
 * Send a request, with the API key if there is one; asks for the key when the service does.
 *
 * @param {string} path
 * @param {RequestInit} options
 * @returns {Promise<Response>} An answer that does not refuse.
 * @throws {ServiceError} The service refuses, or cannot be reached.
 */
export async function request(path, options = {}) {
  for (;;) {
    const key = storedKey();
    const response = await answer(path, {
      ...options,
      headers: { ...options.headers, ...(key && { "X-Api-Key": key }) },
    });
    if (response.status === 401) {
      await newKey(key, options.signal);
      continue;
    }
    closeAccess();
    if (!response.ok) throw await refusal(response);
    return response;
  }
}

async function answer(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError("The service cannot be reached.");
  }
}

async function refusal(response) {
  const retrySeconds = Number(response.headers.get("Retry-After")) || 1;
  try {
    const { error } = await response.json();
    return new ServiceError(error.message, { status: response.status, problems: error.problems, retrySeconds });
  } catch {
    // A proxy in front of the service answers in words of its own.
    return new ServiceError(`The service answered with status ${response.status}.`, {
      status: response.status,
      retrySeconds,
    });
  }
}
