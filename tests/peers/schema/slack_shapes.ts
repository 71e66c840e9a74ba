// The root types of ../../schemas/slack-blocks.schema.json: @slack/types as published, plus two blocks it lacks.
import type {
  HomeView,
  KnownBlock,
  MessageAttachment,
  MessageMetadata,
  ModalView,
  Overflow,
  PlainTextElement,
} from "@slack/types";

/** https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block */
export interface DataVisualizationBlock {
  type: "data_visualization";
  /** @description Maximum length is 50 characters. */
  title: string;
  chart: PieChart | SeriesChart;
  /** @description Maximum length is 255 characters. */
  block_id?: string;
}

interface PieChart {
  type: "pie";
  /**
   * @minItems 1
   * @maxItems 6
   */
  segments: ChartPoint[];
}

interface SeriesChart {
  type: "bar" | "area" | "line";
  /**
   * @minItems 1
   * @maxItems 6
   */
  series: ChartSeries[];
  axis_config: AxisConfig;
}

interface ChartSeries {
  /** @description Maximum length is 20 characters. */
  name: string;
  /** @minItems 1 */
  data: ChartPoint[];
}

interface ChartPoint {
  /** @description Maximum length is 20 characters. */
  label: string;
  value: number;
}

interface AxisConfig {
  /** @minItems 1 */
  categories: string[];
  x_label?: string;
  y_label?: string;
}

/** https://docs.slack.dev/reference/block-kit/blocks/auth-provider-block */
export interface AuthProviderBlock {
  type: "auth_provider";
  /** @description Maximum length is 150 characters. */
  value: string;
  /** @description Maximum length is 75 characters. */
  name: PlainTextElement;
  is_connected: boolean;
  /** @description Maximum length is 150 characters. */
  description?: PlainTextElement;
  /** @description Maximum length is 3000 characters. */
  icon_url?: string;
  /** @description Maximum length is 3000 characters. */
  auth_url?: string;
  /** @description Maximum length is 3000 characters. */
  disconnect_url?: string;
  /** @description Maximum length is 75 characters. */
  connected_identity?: PlainTextElement;
  /** @description Maximum length is 75 characters. */
  connected_context?: PlainTextElement;
  accessory?: Overflow;
  /** @description Maximum length is 255 characters. */
  block_id?: string;
}

export type ShownBlock = KnownBlock | DataVisualizationBlock | AuthProviderBlock;

export type Blocks = ShownBlock[];

export type Modal = Omit<ModalView, "blocks"> & { blocks: ShownBlock[] };

export type Home = Omit<HomeView, "blocks"> & { blocks: ShownBlock[] };

/** The JSON arguments of chat.postMessage, chat.update and chat.postEphemeral that a bot sends. */
export interface Message {
  channel?: string;
  user?: string;
  ts?: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  text?: string;
  blocks?: ShownBlock[];
  attachments?: MessageAttachment[];
  metadata?: MessageMetadata;
  mrkdwn?: boolean;
  parse?: "full" | "none";
  link_names?: boolean;
  unfurl_links?: boolean;
  unfurl_media?: boolean;
  response_type?: "ephemeral" | "in_channel";
  replace_original?: boolean;
  delete_original?: boolean;
}
