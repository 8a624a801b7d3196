/** The registry: one line per vendor, nothing else. */
import type { Vendor } from './contract.ts';
import { akana } from './akana/index.ts';
import { huawei } from './huawei/index.ts';
import { jifeline } from './jifeline/index.ts';
import { omnidesk } from './omnidesk/index.ts';
import { requestor } from './requestor/index.ts';
import { rt } from './rt/index.ts';

export const vendors = [requestor, akana, omnidesk, huawei, jifeline, rt] as readonly Vendor[];
