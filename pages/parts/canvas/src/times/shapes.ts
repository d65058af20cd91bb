export interface StepTime {
  step_id: string;
  visits: number;
  waited_seconds: number;
  waited_p50: number | null;
  waited_p95: number | null;
  execution_p50: number | null;
  execution_p95: number | null;
  execution_seconds: number | null;
  calls: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number;
}
